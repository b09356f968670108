package dev.carillon.server.webhook;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far an endpoint has come.
 *
 * @param next before the first record that is in no delivery yet
 * @param pending the delivery that was not taken yet, with its body: what is configured differently
 *     by then does not change it
 */
record Cursor(Position next, @Nullable Delivery pending) {

  void save(Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(next.segment());
      out.writeLong(next.offset());
      out.writeBoolean(pending != null);
      if (pending != null) {
        pending.write(out);
      }
    }
    WholeFile.write(file, RecordFrames.frame(bytes.toByteArray()));
  }

  /** What was saved; empty if it is damaged. */
  static Optional<Cursor> load(Path file) throws IOException {
    byte[] content;
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      content = RecordFrames.read(in, Files.size(file));
    }
    if (content == null) {
      return Optional.empty();
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
    Position next = new Position(in.readLong(), in.readLong());
    return Optional.of(new Cursor(next, in.readBoolean() ? Delivery.read(in) : null));
  }
}
