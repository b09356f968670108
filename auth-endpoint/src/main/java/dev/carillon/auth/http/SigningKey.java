package dev.carillon.auth.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.auth.UserAuth;
import dev.carillon.protocol.channel.SocketId;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs what this endpoint hands out and gets back: cookies. It is derived from the app's secret,
 * so that a restart signs nobody out.
 *
 * <p>Thread-safe.
 */
final class SigningKey {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final int NONCE_BYTES = 18;

  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();

  SigningKey(Credentials credentials) {
    // No caller can have this made: user data that /broadcasting/user-auth signs is a JSON object.
    String derived = UserAuth.sign(credentials, new SocketId("0.0"), "carillon cookie key");
    this.key = new SecretKeySpec(derived.getBytes(UTF_8), "HmacSHA256");
  }

  /** A text that nobody can guess, of letters, digits, {@code -} and {@code _}. */
  String nonce() {
    byte[] bytes = new byte[NONCE_BYTES];
    random.nextBytes(bytes);
    return BASE64.encodeToString(bytes);
  }

  /** The signature of that text for that purpose; one for another purpose is another. */
  String sign(String purpose, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return BASE64.encodeToString(mac.doFinal((purpose + "\n" + text).getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  /** Whether it is the signature of that text, in constant time. */
  boolean verify(String purpose, String text, String signature) {
    return same(sign(purpose, text), signature);
  }

  /** Whether two texts are equal, in a time that does not tell where they differ. */
  static boolean same(String expected, String got) {
    return MessageDigest.isEqual(expected.getBytes(UTF_8), got.getBytes(UTF_8));
  }
}
