package dev.carillon.auth.config;

import dev.carillon.protocol.auth.Credentials;
import java.util.List;

/**
 * Everything the auth endpoint is told.
 *
 * @param host the address to listen on, for example {@code 127.0.0.1}
 * @param port 0 to 65535; 0 takes any free one
 * @param credentials of the app it signs for
 * @param server where the page finds the WebSocket server
 * @param channels the rules, in order
 */
public record AuthConfig(
    String host,
    int port,
    Credentials credentials,
    ServerAddress server,
    List<ChannelRule> channels) {
  /** The port where none is given. */
  public static final int DEFAULT_PORT = 8000;

  /**
   * @throws IllegalArgumentException if one is not of its form
   */
  public AuthConfig {
    if (host.isBlank()) {
      throw new IllegalArgumentException("auth endpoint: host: got nothing, expected an address");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException(
          "auth endpoint: port: got " + port + ", allowed are 0 to 65535");
    }
    channels = List.copyOf(channels);
  }

  /** On {@code 127.0.0.1:8000}, with {@link ChannelRule#DEFAULTS}. */
  public static AuthConfig defaults(Credentials credentials, ServerAddress server) {
    return new AuthConfig("127.0.0.1", DEFAULT_PORT, credentials, server, ChannelRule.DEFAULTS);
  }
}
