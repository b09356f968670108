package dev.carillon.server.api;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.http.IdempotencyKey;
import dev.carillon.server.idempotency.Idempotency;
import dev.carillon.server.idempotency.RequestName;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does a request once that has an idempotency key, however often it is sent.
 *
 * <p>Thread-safe.
 */
final class Repeats {
  private final Idempotency idempotency;
  private final String endpoint;

  /**
   * For one endpoint.
   *
   * @param endpoint its name: the same key at another is another request
   */
  Repeats(Idempotency idempotency, String endpoint) {
    this.idempotency = idempotency;
    this.endpoint = endpoint;
  }

  /**
   * Answers a request, by doing it or as it was answered before.
   *
   * @param inBody the key that the body has
   * @param request does it, for the JSON of its answer
   * @return fails with a {@link ProtocolException} if another request had the key
   * @throws ProtocolException if the header has another key than the body, or one that is not
   *     valid, or there are several headers
   */
  CompletionStage<ApiResponse> once(
      ApiCall call, @Nullable IdempotencyKey inBody, Supplier<CompletionStage<byte[]>> request) {
    IdempotencyKey key = key(call.request().idempotencyKeys(), inBody);
    if (key == null) {
      return request.get().thenApply(ApiResponse::json);
    }
    RequestName name = new RequestName(call.app().id(), endpoint, key);
    return idempotency
        .once(name, fingerprint(call.request().body()), request)
        .thenApply(
            answer -> {
              if (answer.repeated()) {
                call.hub().metrics().idempotentReplay();
              }
              return ApiResponse.json(answer.body());
            });
  }

  private static @Nullable IdempotencyKey key(
      List<String> headers, @Nullable IdempotencyKey inBody) {
    if (headers.isEmpty()) {
      return inBody;
    }
    if (headers.size() > 1) {
      throw ProtocolException.invalid(
          "Invalid idempotency key: got " + headers.size() + " headers, allowed is one key");
    }
    IdempotencyKey key = new IdempotencyKey(headers.get(0));
    if (inBody != null && !inBody.equals(key)) {
      throw ProtocolException.invalid(
          "Invalid idempotency key: got "
              + key
              + " in the header and "
              + inBody
              + " in the body, allowed is one key");
    }
    return key;
  }

  private static String fingerprint(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
