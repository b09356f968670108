package dev.carillon.server.config;

import java.util.List;

/**
 * Everything that can be configured.
 *
 * <p>Immutable.
 *
 * @param apps at least one
 */
public record Config(
    ServerConfig server,
    AdminConfig admin,
    ScalingConfig scaling,
    List<AppConfig> apps,
    StatusRules status,
    AuthEndpointConfig authEndpoint,
    LoggingConfig logging) {
  /**
   * @throws IllegalArgumentException if there is no app
   */
  public Config {
    apps = List.copyOf(apps);
    if (apps.isEmpty()) {
      throw new IllegalArgumentException("apps: got none, expected at least one");
    }
  }

  /** What an empty file means. */
  public static Config defaults() {
    return new Config(
        ServerConfig.defaults(),
        AdminConfig.defaults(),
        ScalingConfig.defaults(),
        List.of(AppConfig.sample()),
        StatusRules.defaults(),
        AuthEndpointConfig.defaults(),
        LoggingConfig.defaults());
  }

  public Config withServer(ServerConfig other) {
    return new Config(other, admin, scaling, apps, status, authEndpoint, logging);
  }

  public Config withAdmin(AdminConfig other) {
    return new Config(server, other, scaling, apps, status, authEndpoint, logging);
  }

  public Config withScaling(ScalingConfig other) {
    return new Config(server, admin, other, apps, status, authEndpoint, logging);
  }

  public Config withApps(AppConfig... others) {
    return new Config(server, admin, scaling, List.of(others), status, authEndpoint, logging);
  }

  public Config withStatus(StatusRules other) {
    return new Config(server, admin, scaling, apps, other, authEndpoint, logging);
  }

  public Config withAuthEndpoint(AuthEndpointConfig other) {
    return new Config(server, admin, scaling, apps, status, other, logging);
  }
}
