package dev.carillon.protocol.auth;

/**
 * An app's public key and its secret. Signs and verifies what goes between the app's servers and
 * this one.
 *
 * <p>Thread-safe.
 */
public final class Credentials {
  private final String key;
  private final HmacSha256 hmac;

  public Credentials(String key, String secret) {
    this.key = key;
    this.hmac = new HmacSha256(secret);
  }

  public String key() {
    return key;
  }

  /**
   * HMAC-SHA256 of the UTF-8 bytes of {@code text} with the secret, as 64 lower-case hex digits.
   */
  String sign(String text) {
    return hmac.hex(text);
  }

  /** HMAC-SHA256 of {@code bytes} with the secret, as 64 lower-case hex digits. */
  String sign(byte[] bytes) {
    return hmac.hex(bytes);
  }

  /** The {@code auth} of a channel or user signature: {@code <key>:<signature of text>}. */
  String auth(String text) {
    return key + ":" + sign(text);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "Credentials[key=" + key + "]";
  }
}
