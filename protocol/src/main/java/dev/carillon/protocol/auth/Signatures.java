package dev.carillon.protocol.auth;

import dev.carillon.protocol.ProtocolException;

/** What the verifications have in common. */
final class Signatures {
  private static final int MAX_ECHO = 100;

  private Signatures() {}

  /**
   * Verifies {@code <key>:<signature>}. The refusal names what was signed, never the signature that
   * was expected.
   */
  static void verifyKeyed(Credentials credentials, String auth, String toSign, String what) {
    int colon = auth.indexOf(':');
    if (colon < 0 || !auth.substring(0, colon).equals(credentials.key())) {
      throw ProtocolException.unauthorized(
          "Invalid key in " + what + ": '" + shortened(auth) + "'");
    }
    String got = auth.substring(colon + 1);
    if (!HmacSha256.same(credentials.sign(toSign), got)) {
      throw ProtocolException.unauthorized(
          "Invalid signature: Expected HMAC SHA256 hex digest of "
              + shortened(toSign)
              + ", but got "
              + shortened(got));
    }
  }

  static String shortened(String text) {
    return text.length() <= MAX_ECHO ? text : text.substring(0, MAX_ECHO) + "…";
  }
}
