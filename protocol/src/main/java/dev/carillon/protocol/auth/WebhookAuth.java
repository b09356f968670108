package dev.carillon.protocol.auth;

/**
 * Signs and verifies the body of a webhook: {@code X-Pusher-Signature} is the HMAC-SHA256 of the
 * raw body with the app's secret, as 64 lower-case hex digits. Source: docs/PROTOCOL.md,
 * "Signatures".
 */
public final class WebhookAuth {
  private WebhookAuth() {}

  /** The {@code X-Pusher-Signature} for that body. */
  public static String sign(Credentials credentials, byte[] body) {
    return credentials.sign(body);
  }

  /** Whether that key and signature are this app's for that body; in constant time. */
  public static boolean valid(Credentials credentials, String key, String signature, byte[] body) {
    return credentials.key().equals(key) && HmacSha256.same(credentials.sign(body), signature);
  }
}
