package dev.carillon.e2e;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The warnings that the libraries of this process have logged since it was opened; slf4j writes to
 * the same log. Thread-safe.
 */
final class ClientLog extends Handler implements AutoCloseable {
  private final Logger root = Logger.getLogger("");
  private final List<String> warnings = new CopyOnWriteArrayList<>();

  ClientLog() {
    setLevel(Level.WARNING);
    root.addHandler(this);
  }

  List<String> warnings() {
    return warnings;
  }

  @Override
  public void publish(LogRecord entry) {
    if (isLoggable(entry)) {
      warnings.add(entry.getLoggerName() + ": " + entry.getMessage() + " " + entry.getThrown());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    root.removeHandler(this);
  }
}
