package dev.carillon.server.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host, and perhaps a port, of a server elsewhere.
 *
 * <p>Immutable.
 *
 * @param host a name or an address, IPv6 without brackets
 * @param port 1 to 65535; null if there is none
 */
record HostPort(String host, @Nullable Integer port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[(?<ipv6>[^]]*:[^]]*)]|(?<host>[^:]+))(?::(?<port>[0-9]{1,5}))?");

  /** Reads {@code host}, {@code host:port}, {@code [ipv6]} or {@code [ipv6]:port}. */
  static Optional<HostPort> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    String ipv6 = form.group("ipv6");
    String host = ipv6 == null ? form.group("host") : ipv6;
    String digits = form.group("port");
    Integer port = digits == null ? null : Integer.valueOf(digits);
    boolean valid = Host.isValid(host) && (port == null || (port > 0 && port <= 65_535));
    return valid ? Optional.of(new HostPort(host, port)) : Optional.empty();
  }

  RedisConfig.Node toNode(int portIfNone) {
    return new RedisConfig.Node(host, port == null ? portIfNone : port);
  }
}
