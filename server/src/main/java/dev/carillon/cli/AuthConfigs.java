package dev.carillon.cli;

import dev.carillon.auth.config.AuthConfig;
import dev.carillon.auth.config.ChannelRule;
import dev.carillon.auth.config.DatabaseConfig;
import dev.carillon.auth.config.JwtConfig;
import dev.carillon.auth.config.JwtConfig.UserBy;
import dev.carillon.auth.config.ServerAddress;
import dev.carillon.auth.config.StatusServer;
import dev.carillon.protocol.auth.Credentials;
import dev.carillon.server.config.AppConfig;
import dev.carillon.server.config.AuthEndpointConfig;
import dev.carillon.server.config.Config;
import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the auth endpoint is told, from the configuration of all. */
final class AuthConfigs {
  private static final Set<String> ANY = Set.of("0.0.0.0", "::", "[::]");

  private AuthConfigs() {}

  /**
   * That endpoint's configuration.
   *
   * @param serverPort where the page finds the server, and status calls unless configured otherwise
   * @param sampleData whether there shall be the demo's users
   */
  static AuthConfig of(Config config, int serverPort, boolean sampleData) {
    AuthEndpointConfig endpoint = config.authEndpoint();
    AppConfig app = app(config);
    List<ChannelRule> rules =
        endpoint.channels().stream()
            .map(rule -> new ChannelRule(rule.pattern(), rule.allow()))
            .toList();
    return new AuthConfig(
        endpoint.host(),
        endpoint.port(),
        new Credentials(app.key(), app.secret()),
        new ServerAddress(
            ServerAddress.SAME_HOST, serverPort, config.server().path(), app.forceTls()),
        new StatusServer(statusUrl(config, serverPort), app.id()),
        rules,
        database(endpoint.database()),
        jwt(endpoint.jwt()),
        address -> config.server().trustedProxies().stream().anyMatch(p -> p.contains(address)),
        sampleData);
  }

  private static URI statusUrl(Config config, int serverPort) {
    String given = config.authEndpoint().serverUrl();
    if (!given.isEmpty()) {
      return URI.create(given);
    }
    String host = config.server().host();
    String reached =
        ANY.contains(host) ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://" + reached + ":" + serverPort + config.server().path());
  }

  private static DatabaseConfig database(dev.carillon.server.config.DatabaseConfig from) {
    return new DatabaseConfig(from.url(), from.user(), from.password(), from.connections());
  }

  private static @Nullable JwtConfig jwt(dev.carillon.server.config.@Nullable JwtConfig from) {
    return from == null
        ? null
        : new JwtConfig(
            from.jwksUrl(),
            from.secret(),
            from.issuer(),
            from.audience(),
            from.algorithms(),
            from.userClaim(),
            from.userBy().equals("email") ? UserBy.EMAIL : UserBy.ID);
  }

  private static AppConfig app(Config config) {
    return config.apps().stream()
        .filter(app -> app.id().equals(config.authEndpoint().app()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no app " + config.authEndpoint().app()));
  }
}
