package dev.carillon.protocol.http;

import dev.carillon.protocol.ProtocolException;

/**
 * What an app's server calls a request, so that it is done once however often it is sent: {@code
 * idempotency_key} in the body, or the header {@code X-Idempotency-Key}.
 *
 * @param value 1 to 128 visible ASCII characters
 */
public record IdempotencyKey(String value) {
  /** Of a key. */
  public static final int MAX_LENGTH = 128;

  /**
   * A key that is valid.
   *
   * @throws ProtocolException if it is not (400)
   */
  public IdempotencyKey {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      throw ProtocolException.invalid(
          "Invalid idempotency key: got "
              + value.length()
              + " characters, allowed are 1 to "
              + MAX_LENGTH);
    }
    if (value.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw ProtocolException.invalid(
          "Invalid idempotency key: got a space, a control character or one outside of ASCII,"
              + " allowed are visible ASCII characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
