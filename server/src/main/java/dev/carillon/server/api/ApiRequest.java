package dev.carillon.server.api;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to the HTTP API.
 *
 * @param path as it was sent, still percent-encoded, without the configured prefix
 * @param query decoded
 * @param client the address it comes from
 * @param idempotencyKey the header {@code X-Idempotency-Key}, as it was sent
 */
public record ApiRequest(
    String method,
    String path,
    Map<String, List<String>> query,
    byte[] body,
    InetAddress client,
    @Nullable String idempotencyKey) {
  /** The first value of that parameter; empty if there is none. */
  String parameter(String name) {
    List<String> values = query.getOrDefault(name, List.of());
    return values.isEmpty() ? "" : values.get(0);
  }
}
