package dev.carillon.server.webhook;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs what an executor would fail silently. */
final class Tasks {
  private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);

  private Tasks() {}

  /** What works with files. */
  interface Task {
    void run() throws IOException;
  }

  static void run(Task task) {
    try {
      task.run();
    } catch (IOException | RuntimeException e) {
      LOG.error("Webhooks cannot be told", e);
    }
  }
}
