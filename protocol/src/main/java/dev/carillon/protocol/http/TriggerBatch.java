package dev.carillon.protocol.http;

import dev.carillon.protocol.ProtocolException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events to send together: the body of {@code POST /apps/<id>/batch_events}.
 *
 * <pre>
 * {@code {"batch":[{"name":"a","data":"1","channel":"news"}],"idempotency_key":"order-1"}}
 * </pre>
 *
 * @param events 1 to 10, of one channel each
 * @param idempotencyKey of the whole batch
 */
public record TriggerBatch(List<TriggerRequest> events, @Nullable IdempotencyKey idempotencyKey) {

  /** Defensive copy. */
  public TriggerBatch {
    events = List.copyOf(events);
  }

  /**
   * Reads the body.
   *
   * @throws ProtocolException if any of it is not of that form (400), or an event's data is too
   *     large (413)
   */
  public static TriggerBatch parse(byte[] body, TriggerLimits limits) {
    return new TriggerReader(body, limits).batch();
  }
}
