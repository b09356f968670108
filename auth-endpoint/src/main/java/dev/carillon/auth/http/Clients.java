package dev.carillon.auth.http;

import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Who sends a request, and whether by TLS: the socket's other end, or what trusted proxies say.
 *
 * <p>Immutable.
 */
final class Clients {
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private final Predicate<InetAddress> trusted;

  Clients(Predicate<InetAddress> trusted) {
    this.trusted = trusted;
  }

  /** The address: from the right of X-Forwarded-For, the first that is no trusted proxy's. */
  String address(HttpServerRequest request) {
    String peer = request.remoteAddress().hostAddress();
    if (!isTrusted(peer)) {
      return peer;
    }
    List<String> hops =
        request.headers().getAll("X-Forwarded-For").stream()
            .flatMap(line -> Stream.of(line.split(",", -1)))
            .map(String::strip)
            .toList();
    for (int i = hops.size() - 1; i >= 0; i--) {
      Optional<InetAddress> hop = parsed(hops.get(i));
      if (hop.isEmpty()) {
        return peer;
      }
      if (!trusted.test(hop.get())) {
        return hop.get().getHostAddress();
      }
    }
    return peer;
  }

  /** Whether it came by TLS; the nearest proxy's word counts. */
  boolean tls(HttpServerRequest request) {
    if (request.isSSL()) {
      return true;
    }
    List<String> lines = request.headers().getAll("X-Forwarded-Proto");
    if (lines.isEmpty() || !isTrusted(request.remoteAddress().hostAddress())) {
      return false;
    }
    String line = lines.get(lines.size() - 1);
    return line.substring(line.lastIndexOf(',') + 1).strip().equalsIgnoreCase("https");
  }

  private boolean isTrusted(String peer) {
    return parsed(peer).filter(trusted).isPresent();
  }

  /** An address, to which some proxies add the port; no name server is asked. */
  private static Optional<InetAddress> parsed(String text) {
    String host = text;
    if (text.startsWith("[") && text.indexOf(']') > 0) {
      host = text.substring(1, text.indexOf(']'));
    } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
      host = text.substring(0, text.indexOf(':'));
    }
    if (!IPV4.matcher(host).matches() && !IPV6.matcher(host).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
