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
        AuthEndpointConfig.defaults(),
        LoggingConfig.defaults());
  }

  public Config withServer(ServerConfig other) {
    return new Config(other, admin, scaling, apps, authEndpoint, logging);
  }

  public Config withAdmin(AdminConfig other) {
    return new Config(server, other, scaling, apps, authEndpoint, logging);
  }

  public Config withScaling(ScalingConfig other) {
    return new Config(server, admin, other, apps, authEndpoint, logging);
  }

  public Config withApps(AppConfig... others) {
    return new Config(server, admin, scaling, List.of(others), authEndpoint, logging);
  }

  public Config withAuthEndpoint(AuthEndpointConfig other) {
    return new Config(server, admin, scaling, apps, other, logging);
  }
}
