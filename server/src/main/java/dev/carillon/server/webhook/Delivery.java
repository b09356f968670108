package dev.carillon.server.webhook;

import dev.carillon.protocol.webhook.WebhookPayload;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * One body for one endpoint, the same in every attempt.
 *
 * @param id by which the receiver knows one that comes again
 * @param made when the body was made
 * @param oldest when the first of its events happened
 * @param count of its events
 * @param events as they are sent, with commas between
 */
record Delivery(String id, Instant made, Instant oldest, int count, byte[] events) {

  byte[] body() {
    return WebhookPayload.of(made, List.of(events));
  }

  /** The same events, in a body that is made at that time. */
  Delivery remade(Instant time) {
    return new Delivery(id, time, oldest, count, events);
  }

  void write(DataOutput out) throws IOException {
    out.writeUTF(id);
    out.writeLong(made.toEpochMilli());
    out.writeLong(oldest.toEpochMilli());
    out.writeInt(count);
    out.writeInt(events.length);
    out.write(events);
  }

  static Delivery read(DataInput in) throws IOException {
    String id = in.readUTF();
    Instant made = Instant.ofEpochMilli(in.readLong());
    Instant oldest = Instant.ofEpochMilli(in.readLong());
    int count = in.readInt();
    byte[] events = new byte[in.readInt()];
    in.readFully(events);
    return new Delivery(id, made, oldest, count, events);
  }
}
