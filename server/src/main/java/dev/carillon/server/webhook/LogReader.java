package dev.carillon.server.webhook;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/**
 * Reads an {@link EventLog} from a position to where its end was when the reading began.
 *
 * <p>Confined to one thread.
 */
final class LogReader implements AutoCloseable {
  private final EventLog log;
  private final Position end;
  private Position position;
  private long size;
  private @Nullable DataInputStream in;

  /** Reads up to the log's end. */
  LogReader(EventLog log, Position from) {
    this(log, from, log.end());
  }

  LogReader(EventLog log, Position from, Position end) {
    this.log = log;
    this.end = end;
    this.position = from;
  }

  /** Behind the last record that was read. */
  Position position() {
    return position;
  }

  /** The next record; nothing at the end. */
  @Nullable LogRecord next() throws IOException {
    while (position.segment() <= end.segment()) {
      byte[] content = RecordFrames.read(opened(), size - position.offset());
      if (content == null) {
        if (!toNextSegment()) {
          return null;
        }
        continue;
      }
      position =
          new Position(
              position.segment(), position.offset() + RecordFrames.OVERHEAD + content.length);
      LogRecord read = LogRecord.of(content);
      if (read != null) {
        return read;
      }
    }
    return null;
  }

  private DataInputStream opened() throws IOException {
    DataInputStream opened = in;
    if (opened == null) {
      long segment = position.segment();
      size = segment == end.segment() ? end.offset() : log.size(segment);
      opened =
          size <= position.offset()
              ? new DataInputStream(DataInputStream.nullInputStream())
              : new DataInputStream(
                  new BufferedInputStream(Files.newInputStream(log.path(segment))));
      opened.skipNBytes(size <= position.offset() ? 0 : position.offset());
      in = opened;
    }
    return opened;
  }

  private boolean toNextSegment() throws IOException {
    Long next = log.after(position.segment());
    if (next == null || next > end.segment()) {
      return false;
    }
    close();
    position = new Position(next, 0);
    return true;
  }

  @Override
  public void close() throws IOException {
    DataInputStream opened = in;
    in = null;
    if (opened != null) {
      opened.close();
    }
  }
}
