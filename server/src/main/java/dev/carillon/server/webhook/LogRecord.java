package dev.carillon.server.webhook;

import dev.carillon.server.config.WebhookKind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event as it is kept.
 *
 * @param user empty where the event has none, or where nobody needs it
 * @param json the event as it is sent
 */
record LogRecord(WebhookKind kind, Instant time, String channel, String user, byte[] json) {

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(json.length + channel.length() + 64);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(kind.name());
      out.writeLong(time.toEpochMilli());
      out.writeUTF(channel);
      out.writeUTF(user);
      out.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory takes everything
    }
    return bytes.toByteArray();
  }

  /** What was written so; nothing if this version does not know it. */
  static @Nullable LogRecord of(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      WebhookKind kind = WebhookKind.valueOf(in.readUTF());
      Instant time = Instant.ofEpochMilli(in.readLong());
      return new LogRecord(kind, time, in.readUTF(), in.readUTF(), in.readAllBytes());
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }
}
