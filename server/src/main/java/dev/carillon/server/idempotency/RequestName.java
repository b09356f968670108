package dev.carillon.server.idempotency;

import dev.carillon.protocol.http.IdempotencyKey;

/**
 * A request, by the key that its sender gave it; keys of other apps and endpoints are others.
 *
 * <p>Immutable.
 */
public record RequestName(String appId, String endpoint, IdempotencyKey key) {}
