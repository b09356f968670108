package dev.carillon.cli;

import dev.carillon.auth.config.AuthConfig;
import dev.carillon.auth.config.ChannelRule;
import dev.carillon.auth.config.ServerAddress;
import dev.carillon.protocol.auth.Credentials;
import dev.carillon.server.config.AppConfig;
import dev.carillon.server.config.AuthEndpointConfig;
import dev.carillon.server.config.Config;
import java.util.List;

/** What the auth endpoint is told, from the configuration of all. */
final class AuthConfigs {
  private AuthConfigs() {}

  /**
   * That endpoint's configuration.
   *
   * @param serverPort where the page finds the server
   */
  static AuthConfig of(Config config, int serverPort) {
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
        rules);
  }

  private static AppConfig app(Config config) {
    return config.apps().stream()
        .filter(app -> app.id().equals(config.authEndpoint().app()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no app " + config.authEndpoint().app()));
  }
}
