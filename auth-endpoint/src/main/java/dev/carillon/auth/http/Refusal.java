package dev.carillon.auth.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A request that is not done, and for a known reason: quiet, and cheap (it has no stack trace). The
 * body is {@code {"message": …}}, with {@code errors} by field where there are any: Laravel's
 * shape.
 */
final class Refusal extends RuntimeException {
  private final int status;
  private final transient Map<String, List<String>> errors;
  private final long retryAfterSeconds;

  private Refusal(int status, String message, Map<String, List<String>> errors, long retryAfter) {
    super(message, null, false, false);
    this.status = status;
    this.errors = errors;
    this.retryAfterSeconds = retryAfter;
  }

  private Refusal(int status, String message, Map<String, List<String>> errors) {
    this(status, message, errors, 0);
  }

  static Refusal badRequest(String message) {
    return new Refusal(400, message, Map.of());
  }

  static Refusal unauthenticated(String message) {
    return new Refusal(401, message, Map.of());
  }

  static Refusal notFound(String message) {
    return new Refusal(404, message, Map.of());
  }

  /** 502: the Carillon server answers what it should not. */
  static Refusal badGateway(String message) {
    return new Refusal(502, message, Map.of());
  }

  /** 503, to be tried again soon. */
  static Refusal unavailable(String message) {
    return new Refusal(503, message, Map.of(), 1);
  }

  static Refusal forbidden(String message) {
    return new Refusal(403, message, Map.of());
  }

  /** 419, as Laravel answers it. */
  static Refusal csrf() {
    return new Refusal(419, "CSRF token mismatch.", Map.of());
  }

  static Refusal tooManyAttempts(long retryAfterSeconds) {
    return new Refusal(
        429,
        "Too many login attempts. Please try again in " + retryAfterSeconds + " seconds.",
        Map.of(),
        retryAfterSeconds);
  }

  /** 422; the message is the first error, and how many more there are. */
  static Refusal invalid(Map<String, List<String>> errors) {
    List<String> all = errors.values().stream().flatMap(List::stream).toList();
    int more = all.size() - 1;
    String suffix = more == 0 ? "" : " (and " + more + " more error" + (more == 1 ? ")" : "s)");
    return new Refusal(422, all.get(0) + suffix, errors);
  }

  static Refusal invalid(String field, String message) {
    return invalid(Map.of(field, List.of(message)));
  }

  int status() {
    return status;
  }

  String text() {
    return String.valueOf(getMessage());
  }

  /** When to come back, if that is known. */
  OptionalLong retryAfterSeconds() {
    return retryAfterSeconds == 0 ? OptionalLong.empty() : OptionalLong.of(retryAfterSeconds);
  }

  /** The body of the answer. */
  ObjectNode body() {
    ObjectNode body = Json.object().put("message", text());
    if (!errors.isEmpty()) {
      body.set("errors", Json.of(errors));
    }
    return body;
  }
}
