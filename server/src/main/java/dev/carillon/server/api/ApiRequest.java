package dev.carillon.server.api;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/**
 * A request to the HTTP API.
 *
 * @param path as it was sent, still percent-encoded, without the configured prefix
 * @param query decoded
 * @param client the address it comes from
 * @param idempotencyKeys the headers {@code X-Idempotency-Key}, as they were sent; at most one is
 *     right
 */
public record ApiRequest(
    String method,
    String path,
    Map<String, List<String>> query,
    byte[] body,
    InetAddress client,
    List<String> idempotencyKeys) {
  /** The first value of that parameter; empty if there is none. */
  String parameter(String name) {
    List<String> values = query.getOrDefault(name, List.of());
    return values.isEmpty() ? "" : values.get(0);
  }
}
