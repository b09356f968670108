package dev.carillon.server.idempotency;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.http.IdempotencyKey;

/**
 * A request, by the key that its sender gave it; keys of other apps and endpoints are others.
 *
 * <p>Immutable.
 */
public record RequestName(String appId, String endpoint, IdempotencyKey key) {
  /** What a request fails with if one that asked for something else had its name. */
  public ProtocolException usedByAnother() {
    return ProtocolException.invalid(
        "Idempotency key already used: another request had the key "
            + key
            + " within "
            + Idempotency.REMEMBERED.toSeconds()
            + " s; the same request, or a new key is allowed");
  }
}
