package dev.carillon.auth.config;

import java.util.regex.Pattern;

/**
 * Where the page finds the WebSocket server.
 *
 * @param host its name or address, or {@link #SAME_HOST}
 * @param port 1 to 65535
 * @param path what comes before {@code /app/<key>}: empty, or like {@code /ws}
 * @param tls whether it is {@code wss}
 */
public record ServerAddress(String host, int port, String path, boolean tls) {
  /** The host the browser asked for the page. */
  public static final String SAME_HOST = "";

  // An IPv6 address may be in brackets. The host goes into a header: no other character may.
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]*|\\[?[0-9A-Fa-f:.]+]?");
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)*");

  /**
   * @throws IllegalArgumentException if one is not of its form
   */
  public ServerAddress {
    if (!HOST.matcher(host).matches()) {
      throw new IllegalArgumentException(
          "server address: host: got '" + host + "', allowed are a name, an address or nothing");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "server address: port: got " + port + ", allowed are 1 to 65535");
    }
    if (!PATH.matcher(path).matches()) {
      throw new IllegalArgumentException(
          "server address: path: got '" + path + "', allowed are nothing or segments like /ws");
    }
  }

  /** On the page's own host, without TLS and path. */
  public static ServerAddress sameHost(int port) {
    return new ServerAddress(SAME_HOST, port, "", false);
  }
}
