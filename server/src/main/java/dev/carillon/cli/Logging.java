package dev.carillon.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.carillon.server.config.LogFormat;
import dev.carillon.server.config.LoggingConfig;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * The log, on the standard error. Logback finds this class as a service and asks it first, so that
 * no XML is looked for: reading that takes 80 ms of every start.
 *
 * <p>Thread-safe.
 */
public final class Logging extends ContextAwareBase implements Configurator {
  // Below info they tell of every connection and every thread.
  private static final List<String> TALKATIVE = List.of("io.netty", "io.vertx");

  // They warn of what is known (H2 is newer than Flyway has seen) or told by us in a line of its
  // own.
  private static final List<String> ALARMIST = List.of("org.flywaydb", "com.zaxxer.hikari");

  /** What is logged until the configuration is known. */
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    apply(context, LoggingConfig.defaults());
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** Logs from now on as it is configured. */
  static void configure(LoggingConfig config) {
    apply((LoggerContext) LoggerFactory.getILoggerFactory(), config);
  }

  private static void apply(LoggerContext context, LoggingConfig config) {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(appender(context, config.format()));
    Level level = Level.valueOf(config.level().name());
    root.setLevel(level);
    Level quiet = level.isGreaterOrEqual(Level.INFO) ? level : Level.INFO;
    Level alarms = level.isGreaterOrEqual(Level.ERROR) ? level : Level.ERROR;
    ALARMIST.forEach(name -> context.getLogger(name).setLevel(alarms));
    TALKATIVE.forEach(name -> context.getLogger(name).setLevel(quiet));
  }

  private static ConsoleAppender<ILoggingEvent> appender(LoggerContext context, LogFormat format) {
    Encoder<ILoggingEvent> encoder =
        format == LogFormat.JSON ? new JsonLineEncoder() : new TextLineEncoder();
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }
}
