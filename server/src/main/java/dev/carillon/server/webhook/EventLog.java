package dev.carillon.server.webhook;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What happened in an app, in order, on disk. Each process begins a segment of its own, and another
 * when one is full; a segment is deleted when nobody needs it any more.
 *
 * <p>An append is one {@code write()}: what it has returned from is in the kernel's hands, so it
 * outlives the process, however that ends. It is not forced to the disk.
 *
 * <p>It never fills the disk: places, dead letters and what was told could not be written then, so
 * nothing that was told could be deleted, and the disk would stay full.
 *
 * <p>Appended to and closed under the lock of {@link AppWebhooks}; the rest is thread-safe.
 */
final class EventLog implements AutoCloseable {
  private static final String PREFIX = "events-";
  private static final String SUFFIX = ".log";
  private static final long LEFT_FREE_BYTES = 4 * 1024 * 1024;

  /** How much is appended until the disk is looked at again: that costs more than an append. */
  private static final long UNSEEN_BYTES = 64 * 1024;

  private final Path folder;
  private final long maxSegmentBytes;
  private final LongSupplier usableBytes;
  private final NavigableMap<Long, Long> sizes = new ConcurrentSkipListMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private @Nullable RandomAccessFile file;
  private volatile Position end;
  private long unseenBytes;

  private EventLog(Path folder, long maxSegmentBytes, LongSupplier usableBytes, long first) {
    this.folder = folder;
    this.maxSegmentBytes = maxSegmentBytes;
    this.usableBytes = usableBytes;
    this.end = new Position(first, 0);
  }

  /** The log in that folder, with what earlier processes left there. */
  static EventLog open(Path folder, long maxSegmentBytes) throws IOException {
    return open(folder, maxSegmentBytes, folder.toFile()::getUsableSpace);
  }

  /**
   * The same.
   *
   * @param usableBytes how much may be written to the folder's disk
   */
  static EventLog open(Path folder, long maxSegmentBytes, LongSupplier usableBytes)
      throws IOException {
    NavigableMap<Long, Long> found = new ConcurrentSkipListMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path path : files.toList()) {
        String name = path.getFileName().toString();
        if (name.startsWith(PREFIX) && name.endsWith(SUFFIX)) {
          found.put(number(name), Files.size(path));
        }
      }
    }
    long first = found.isEmpty() ? 1 : found.lastKey() + 1;
    EventLog log = new EventLog(folder, maxSegmentBytes, usableBytes, first);
    log.sizes.putAll(found);
    log.bytes.set(found.values().stream().mapToLong(Long::longValue).sum());
    log.create(log.end.segment());
    return log;
  }

  private static long number(String name) throws IOException {
    try {
      return Long.parseLong(name.substring(PREFIX.length(), name.length() - SUFFIX.length()));
    } catch (NumberFormatException e) {
      throw new IOException("not a file of Carillon's: " + name, e);
    }
  }

  /**
   * Appends a record.
   *
   * @throws IOException if it is not kept; those before it are
   */
  void append(LogRecord event) throws IOException {
    byte[] frame = RecordFrames.frame(event.toBytes());
    leaveSpace(frame.length);
    if (end.offset() > 0 && end.offset() + frame.length > maxSegmentBytes) {
      nextSegment();
    }
    RandomAccessFile current = file;
    if (current == null) {
      current = create(end.segment());
      current.setLength(end.offset());
      current.seek(end.offset());
    }
    try {
      current.write(frame);
    } catch (IOException e) {
      unseenBytes = 0;
      cutOff(current);
      throw e;
    }
    Position next = new Position(end.segment(), end.offset() + frame.length);
    sizes.put(next.segment(), next.offset());
    bytes.addAndGet(frame.length);
    end = next;
  }

  private void leaveSpace(int appended) throws IOException {
    unseenBytes -= appended;
    if (unseenBytes >= 0) {
      return;
    }
    long usable = usableBytes.getAsLong();
    if (usable < LEFT_FREE_BYTES) {
      if (end.offset() > 0) {
        nextSegment(); // the one before can be deleted when it was told
      }
      throw new IOException(
          "%s has %d bytes free, of which %d are left free"
              .formatted(folder, usable, LEFT_FREE_BYTES));
    }
    unseenBytes = UNSEEN_BYTES;
  }

  /** Half a record may be there, and nobody reads behind that. */
  private void cutOff(RandomAccessFile current) throws IOException {
    try {
      current.setLength(end.offset());
      current.seek(end.offset());
    } catch (IOException e) {
      nextSegment();
    }
  }

  private void nextSegment() throws IOException {
    close();
    create(end.segment() + 1);
    end = new Position(end.segment() + 1, 0);
  }

  /**
   * Makes its file before anything stands in it. A number must never come twice, or those who stand
   * further on already would not read what follows: so the newest file tells the next number.
   */
  private RandomAccessFile create(long segment) throws IOException {
    RandomAccessFile created = new RandomAccessFile(path(segment).toFile(), "rw");
    sizes.putIfAbsent(segment, 0L);
    file = created;
    return created;
  }

  /** Behind the last record. */
  Position end() {
    return end;
  }

  /** Before the first record that is still there. */
  Position start() {
    Long first = sizes.isEmpty() ? null : sizes.firstKey();
    return first == null ? end : new Position(first, 0);
  }

  /** How much of the disk it takes. */
  long bytes() {
    return bytes.get();
  }

  /** Deletes the segments before that one. */
  void deleteBefore(long segment) throws IOException {
    for (Long old : sizes.headMap(Math.min(segment, end.segment())).keySet()) {
      Files.deleteIfExists(path(old));
      bytes.addAndGet(-sizes.getOrDefault(old, 0L));
      sizes.remove(old);
    }
  }

  /** The segment after that one; nothing if that was the last. */
  @Nullable Long after(long segment) {
    return sizes.higherKey(segment);
  }

  /** How many bytes of that segment may be read. */
  long size(long segment) {
    Position now = end;
    return segment == now.segment() ? now.offset() : sizes.getOrDefault(segment, 0L);
  }

  Path path(long segment) {
    return folder.resolve("%s%016d%s".formatted(PREFIX, segment, SUFFIX));
  }

  @Override
  public void close() throws IOException {
    RandomAccessFile current = file;
    file = null;
    if (current != null) {
      current.close();
    }
  }
}
