package dev.carillon.server.webhook;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The disk of one app: its queues read the log, and what nobody needs any more is deleted.
 *
 * <p>Confined to the {@code webhooks} thread.
 */
final class Outbox {
  private final Path folder;
  private final EventLog log;
  private final List<EndpointQueue> queues;
  private final long maxBytes;
  private long toldSegment;

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

  /** Tells what is new, and tidies up. */
  void wake() throws IOException {
    for (EndpointQueue queue : queues) {
      queue.wake();
    }
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
