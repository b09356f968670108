package dev.carillon.server.transport;

import dev.carillon.server.config.Cidr;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxies whose word on their clients is believed: {@code server.trusted_proxies}.
 *
 * <p>Immutable.
 */
final class TrustedProxies {
  private static final Logger LOG = LoggerFactory.getLogger(TrustedProxies.class);
  private static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
  private static final AsciiString FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");

  private final List<Cidr> ranges;

  TrustedProxies(List<Cidr> ranges) {
    this.ranges = List.copyOf(ranges);
  }

  /** Whether that peer is one of them. */
  boolean contains(@Nullable SocketAddress peer) {
    return !ranges.isEmpty()
        && peer instanceof InetSocketAddress address
        && contains(address.getAddress());
  }

  private boolean contains(InetAddress address) {
    for (Cidr range : ranges) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Who sends a request.
   *
   * @param peer from whom it came: the socket's other end, or whom a PROXY header named
   */
  Client client(Client peer, HttpHeaders headers) {
    if (ranges.isEmpty() || !contains(peer.address())) {
      return peer;
    }
    return new Client(
        forwardedFor(peer.address(), headers.getAll(FORWARDED_FOR)),
        peer.tls() || isTls(headers.getAll(FORWARDED_PROTO)));
  }

  /**
   * From the right, where the nearest proxy wrote, the first address that is none of ours. What
   * stands to the left of it is the client's own word.
   */
  private InetAddress forwardedFor(InetAddress peer, List<String> lines) {
    InetAddress farthest = peer;
    for (int i = lines.size() - 1; i >= 0; i--) {
      String line = lines.get(i);
      int end = line.length();
      while (end >= 0) {
        int comma = line.lastIndexOf(',', end - 1);
        InetAddress address = address(line.substring(comma + 1, end).strip());
        if (address == null) {
          LOG.debug("X-Forwarded-For ignored, not all are addresses proxy={}", host(peer));
          return peer;
        }
        if (!contains(address)) {
          return address;
        }
        farthest = address;
        end = comma;
      }
    }
    return farthest;
  }

  /** An address, to which some proxies add the port; null for anything else. */
  private static @Nullable InetAddress address(String text) {
    int colon = text.lastIndexOf(':');
    boolean port = colon > 0 && (text.charAt(colon - 1) == ']' || text.indexOf(':') == colon);
    return parsed(port && isNumber(text.substring(colon + 1)) ? text.substring(0, colon) : text);
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Reads an address, without asking a name server; null if it is none. */
  static @Nullable InetAddress parsed(String text) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
    }
  }

  /** The nearest proxy's word; some say {@code wss} for WebSockets. */
  private static boolean isTls(List<String> lines) {
    if (lines.isEmpty()) {
      return false;
    }
    String line = lines.get(lines.size() - 1);
    String last = line.substring(line.lastIndexOf(',') + 1).strip();
    return last.equalsIgnoreCase("https") || last.equalsIgnoreCase("wss");
  }

  private static String host(InetAddress address) {
    return address.getHostAddress();
  }
}
