package dev.carillon.protocol.webhook;

import dev.carillon.protocol.json.JsonBytes;
import java.time.Instant;
import java.util.List;

/**
 * The body of a webhook: {@code {"time_ms":1327078148132,"events":[…]}}. Source: docs/PROTOCOL.md,
 * "Webhooks".
 */
public final class WebhookPayload {
  private WebhookPayload() {}

  /**
   * The body, in UTF-8.
   *
   * @param time when the body was made; Pusher's Python library refuses more than 300 s of
   *     difference
   * @param events each as {@link WebhookEvent#toBytes()} gave it, in the order in which they
   *     happened
   */
  public static byte[] of(Instant time, List<byte[]> events) {
    int size = events.stream().mapToInt(event -> event.length + 1).sum();
    JsonBytes json =
        new JsonBytes(48 + size)
            .syntax("{\"time_ms\":")
            .number(time.toEpochMilli())
            .syntax(",\"events\":[");
    String comma = "";
    for (byte[] event : events) {
      json.syntax(comma).raw(event);
      comma = ",";
    }
    return json.syntax("]}").toBytes();
  }
}
