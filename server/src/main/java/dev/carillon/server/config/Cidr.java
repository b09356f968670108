package dev.carillon.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * The addresses that begin with the same bits: {@code 10.0.0.0/8}, {@code fd00::/8}, or a single
 * one.
 *
 * <p>Immutable.
 *
 * @param network the first of them
 * @param prefixBits how many bits they share: at most 32 of IPv4, 128 of IPv6
 */
public record Cidr(InetAddress network, int prefixBits) {
  private static final int MAX_PREFIX_DIGITS = 3;

  /** Reads one; bits behind the prefix do not matter. Empty if it is none. */
  public static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    // Without a name server: only what is written as an address is looked at.
    if (!Host.isAddress(host)) {
      return Optional.empty();
    }
    try {
      byte[] address = InetAddress.getByName(host).getAddress();
      int bits = slash < 0 ? address.length * 8 : prefix(text.substring(slash + 1));
      if (bits < 0 || bits > address.length * 8) {
        return Optional.empty();
      }
      return Optional.of(new Cidr(InetAddress.getByAddress(masked(address, bits)), bits));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static int prefix(String digits) {
    boolean number =
        !digits.isEmpty()
            && digits.length() <= MAX_PREFIX_DIGITS
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Integer.parseInt(digits) : -1;
  }

  private static byte[] masked(byte[] address, int bits) {
    byte[] masked = new byte[address.length];
    for (int i = 0; i < address.length; i++) {
      int kept = Math.min(8, Math.max(0, bits - 8 * i));
      masked[i] = (byte) (address[i] & (0xFF00 >> kept));
    }
    return masked;
  }

  /** Whether that address is one of them. */
  public boolean contains(InetAddress address) {
    byte[] wanted = network.getAddress();
    byte[] got = address.getAddress();
    if (got.length != wanted.length) {
      return false;
    }
    for (int i = 0; 8 * i < prefixBits; i++) {
      int kept = Math.min(8, prefixBits - 8 * i);
      if (((got[i] ^ wanted[i]) & (0xFF00 >> kept) & 0xFF) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefixBits;
  }
}
