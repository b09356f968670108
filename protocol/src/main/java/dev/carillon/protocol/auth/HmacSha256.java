package dev.carillon.protocol.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * HMAC-SHA256 with one key. Each thread keeps its own keyed {@code HMac}: {@code doFinal} keys it
 * again for the next.
 *
 * <p>Thread-safe.
 */
final class HmacSha256 {
  private static final HexFormat HEX = HexFormat.of();

  private final ThreadLocal<HMac> macs;

  HmacSha256(String secret) {
    byte[] key = secret.getBytes(StandardCharsets.UTF_8);
    this.macs = ThreadLocal.withInitial(() -> keyed(key));
  }

  private static HMac keyed(byte[] key) {
    HMac mac = new HMac(new SHA256Digest());
    mac.init(new KeyParameter(key));
    return mac;
  }

  String hex(String text) {
    return hex(text.getBytes(StandardCharsets.UTF_8));
  }

  String hex(byte[] message) {
    HMac mac = macs.get();
    mac.update(message, 0, message.length);
    byte[] result = new byte[mac.getMacSize()];
    mac.doFinal(result, 0);
    return HEX.formatHex(result);
  }

  /** Whether two texts are equal, in a time that does not tell where they differ. */
  static boolean same(String expected, String got) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), got.getBytes(StandardCharsets.UTF_8));
  }
}
