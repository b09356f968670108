package dev.carillon.server.webhook;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;

/**
 * Which addresses are refused: link-local ones and those where clouds tell a machine its secrets.
 * Whoever may choose a webhook's address, or its name's, would have the server ask there.
 */
final class AddressRules {
  /** Besides 169.254.0.0/16 and fe80::/10: Amazon, Google, Alibaba, Oracle, Azure. */
  private static final Set<InetAddress> METADATA =
      Set.of(
          literal("fd00:ec2::254"),
          literal("fd00:ec2::23"),
          literal("fd20:ce::254"),
          literal("100.100.100.200"),
          literal("192.0.0.192"),
          literal("168.63.129.16"));

  private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};
  private static final byte[] SIX_TO_FOUR = {0x20, 0x02};

  private AddressRules() {}

  /** Whether nothing is posted to that address. */
  static boolean refuses(InetAddress address) {
    return address.isLinkLocalAddress()
        || METADATA.contains(address)
        || (address instanceof Inet6Address && refusesEmbedded(address.getAddress()));
  }

  /** An IPv4 address in an IPv6 one, as gateways translate it. */
  private static boolean refusesEmbedded(byte[] bytes) {
    if (startsWith(bytes, NAT64) || startsWith(bytes, new byte[12])) {
      return refuses(of(Arrays.copyOfRange(bytes, 12, 16)));
    }
    return startsWith(bytes, SIX_TO_FOUR) && refuses(of(Arrays.copyOfRange(bytes, 2, 6)));
  }

  private static boolean startsWith(byte[] bytes, byte[] prefix) {
    return Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an address of 4 or 16 bytes", e);
    }
  }

  private static InetAddress literal(String address) {
    try {
      return InetAddress.getByName(address); // a literal is not looked up
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(address, e);
    }
  }
}
