package dev.carillon.server.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The disk of one app: its queues read the log, and what nobody needs any more is deleted.
 *
 * <p>Confined to the {@code webhooks} thread.
 */
final class Outbox {
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  private final Path folder;
  private final EventLog log;
  private final List<EndpointQueue> queues;
  private final long maxBytes;
  private long toldSegment;
  private boolean failing;

  /**
   * @param toldSegment up to which {@link Told} is saved
   */
  Outbox(Path folder, EventLog log, List<EndpointQueue> queues, long maxBytes, long toldSegment) {
    this.folder = folder;
    this.log = log;
    this.queues = List.copyOf(queues);
    this.maxBytes = maxBytes;
    this.toldSegment = toldSegment;
  }

  boolean isIdle() {
    return queues.stream().allMatch(EndpointQueue::isIdle);
  }

  /** Tells what is new, and tidies up. What fails is done the next time, and stops nothing else. */
  void wake() {
    boolean fine = true;
    for (EndpointQueue queue : queues) {
      fine &= succeeds(queue::wake);
    }
    fine &= succeeds(this::tidyUp);
    if (fine && failing) {
      LOG.info("Webhooks' files can be used again folder={}", folder);
    }
    failing = !fine;
  }

  private boolean succeeds(Tasks.Task task) {
    try {
      task.run();
      return true;
    } catch (IOException | UncheckedIOException e) {
      if (!failing) {
        LOG.error("Webhooks' files cannot be used, trying again folder={}", folder, e);
      }
      failing = true;
      return false;
    }
  }

  private void tidyUp() throws IOException {
    saveTold();
    shed();
    deleteRead();
  }

  private void saveTold() throws IOException {
    long segment = log.end().segment();
    if (segment > toldSegment) {
      Told.at(folder, log, segment).save(folder, segment);
      toldSegment = segment;
    }
  }

  /** If too much waits, the oldest segment does so no longer. */
  private void shed() throws IOException {
    while (log.bytes() > maxBytes && log.start().segment() < toldSegment) {
      long oldest = log.start().segment();
      for (EndpointQueue queue : queues) {
        queue.shedBefore(oldest + 1);
      }
      deleteRead();
    }
  }

  private void deleteRead() throws IOException {
    long needed = toldSegment;
    for (EndpointQueue queue : queues) {
      needed = Math.min(needed, queue.position().segment());
    }
    log.deleteBefore(needed);
  }
}
