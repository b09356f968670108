package dev.carillon.server.support;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Listens for what the debug log tells of connections. */
public final class ConnectionLog implements AutoCloseable {
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.carillon.server.transport");
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getFormattedMessage());
        }
      };

  /** Listens from now on. */
  public ConnectionLog() {
    appender.setContext(logger.getLoggerContext());
    appender.start();
    logger.setLevel(Level.DEBUG);
    logger.setAdditive(false);
    logger.addAppender(appender);
  }

  /** The next line that has that text; all before it are dropped. */
  public String next(String text) {
    StringBuilder found = new StringBuilder();
    Await.until(
        "a line with " + text,
        () -> {
          String line = lines.poll();
          if (line != null && line.contains(text)) {
            found.append(line);
          }
          return !found.isEmpty();
        });
    return found.toString();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setAdditive(true);
    logger.setLevel(null);
    appender.stop();
  }
}
