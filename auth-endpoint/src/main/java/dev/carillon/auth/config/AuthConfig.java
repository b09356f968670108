package dev.carillon.auth.config;

import dev.carillon.protocol.auth.Credentials;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Everything the auth endpoint is told.
 *
 * @param host the address to listen on, for example {@code 127.0.0.1}
 * @param port 0 to 65535; 0 takes any free one
 * @param credentials of the app it signs for
 * @param server where the page finds the WebSocket server
 * @param statusServer where status calls go
 * @param channels the rules, in order
 * @param database where the users are
 * @param jwt whose tokens name a user; null for nobody's
 * @param trustedProxies whose X-Forwarded-For and X-Forwarded-Proto are believed
 * @param sampleData whether an empty database is filled with {@link
 *     dev.carillon.auth.user.SampleUsers}, and the page offers them
 */
public record AuthConfig(
    String host,
    int port,
    Credentials credentials,
    ServerAddress server,
    StatusServer statusServer,
    List<ChannelRule> channels,
    DatabaseConfig database,
    @Nullable JwtConfig jwt,
    Predicate<InetAddress> trustedProxies,
    boolean sampleData) {
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
}
