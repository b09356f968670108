package dev.carillon.server.support;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Listens for warnings and errors in the log. */
public final class ErrorLog implements AutoCloseable {
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
            String cause =
                event.getThrowableProxy() == null
                    ? ""
                    : " " + event.getThrowableProxy().getClassName();
            lines.add(event.getLevel() + " " + event.getFormattedMessage() + cause);
          }
        }
      };

  /** Listens from now on. */
  public ErrorLog() {
    assertThat(root.isWarnEnabled()).as("whether warnings are logged").isTrue();
    appender.setContext(root.getLoggerContext());
    appender.start();
    root.addAppender(appender);
  }

  /** Nobody must have been called. */
  public void expectNothing() {
    assertThat(List.copyOf(lines)).isEmpty();
  }

  @Override
  public void close() {
    root.detachAppender(appender);
    appender.stop();
  }
}
