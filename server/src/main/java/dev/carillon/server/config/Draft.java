package dev.carillon.server.config;

import java.util.ArrayList;
import java.util.List;

/**
 * A configuration that is being read.
 *
 * <p>Confined to one thread.
 */
final class Draft {
  private final ServerConfig.Builder server = ServerConfig.defaults().toBuilder();
  private final AdminConfig.Builder admin = AdminConfig.defaults().toBuilder();
  private final ScalingConfig.Builder scaling = ScalingConfig.defaults().toBuilder();
  private final List<AppConfigBuilder> apps = new ArrayList<>();
  private final StatusRules.Builder status = StatusRules.defaults().toBuilder();
  private final AuthEndpointConfig.Builder authEndpoint = AuthEndpointConfig.defaults().toBuilder();
  private final LoggingConfig.Builder logging = LoggingConfig.defaults().toBuilder();

  ServerConfig.Builder server() {
    return server;
  }

  AdminConfig.Builder admin() {
    return admin;
  }

  ScalingConfig.Builder scaling() {
    return scaling;
  }

  AppConfigBuilder addApp() {
    AppConfigBuilder app = AppConfig.sample().toBuilder();
    apps.add(app);
    return app;
  }

  StatusRules.Builder status() {
    return status;
  }

  AuthEndpointConfig.Builder authEndpoint() {
    return authEndpoint;
  }

  LoggingConfig.Builder logging() {
    return logging;
  }

  /** Puts the environment and the command line over the file, and completes what it left out. */
  void override(Reading reading) {
    if (apps.isEmpty()) {
      addApp();
    }
    AppConfigBuilder first = apps.get(0);
    final String idBefore = first.build().id();
    Keys.SERVER.override("server", server, reading);
    Keys.ADMIN.override("admin", admin, reading);
    ScalingEnvironment.override(scaling, reading);
    Keys.APP.override("apps[0]", first, reading);
    Keys.RATE_LIMITING.override("apps[0].rate_limiting", first.rateLimiting(), reading);
    Keys.AUTH_ENDPOINT.override("auth_endpoint", authEndpoint, reading);
    Keys.LOGGING.override("logging", logging, reading);
    // It means the first app unless it names another, also where the environment renames that.
    if (!reading.isGiven("auth_endpoint.app") || authEndpoint.build().app().equals(idBefore)) {
      authEndpoint.app(first.build().id());
    }
  }

  Config build() {
    return new Config(
        server.build(),
        admin.build(),
        scaling.build(),
        apps.stream().map(AppConfigBuilder::build).toList(),
        status.build(),
        authEndpoint.build(),
        logging.build());
  }
}
