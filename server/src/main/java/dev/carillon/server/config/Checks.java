package dev.carillon.server.config;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What a single value cannot tell: whether the values go together. Values that are wrong by
 * themselves are left out.
 *
 * <p>Confined to one thread.
 */
final class Checks {
  private final Config config;
  private final boolean appsGiven;
  private final Reading reading;

  Checks(Config config, Reading reading) {
    this.config = config;
    this.appsGiven = reading.isGiven("apps");
    this.reading = reading;
  }

  void run() {
    if (appsGiven && reading.isSound("apps")) {
      apps();
    }
    ports();
    token();
    statusTimes();
    authApp();
    redis();
  }

  private void apps() {
    for (int i = 0; i < config.apps().size(); i++) {
      for (String key : List.of("id", "key", "secret")) {
        String path = "apps[" + i + "]." + key;
        if (!reading.isGiven(path)) {
          reading.mistakes().add(placeOf(i, path), "missing; every app needs one");
        }
      }
    }
    unique("id", AppConfig::id);
    unique("key", AppConfig::key);
  }

  private Place placeOf(int app, String path) {
    Place item = reading.place("apps[" + app + "]");
    return new Place(item.source(), item.line(), path);
  }

  private void unique(String key, Function<AppConfig, String> value) {
    Map<String, Integer> first = new HashMap<>();
    for (int i = 0; i < config.apps().size(); i++) {
      String path = "apps[" + i + "]." + key;
      if (!reading.isGiven(path) || !reading.isSound(path)) {
        continue;
      }
      String got = value.apply(config.apps().get(i));
      Integer before = first.putIfAbsent(got, i);
      if (before != null) {
        reading
            .mistakes()
            .add(reading.place(path), "got '" + got + "', which apps[" + before + "] has already");
      }
    }
  }

  private void ports() {
    ServerConfig server = config.server();
    AdminConfig admin = config.admin();
    if (server.port() != 0
        && server.port() == admin.port()
        && Host.overlap(server.host(), admin.host())
        && sound("server.port", "admin.port", "server.host", "admin.host")) {
      String place = reading.isGiven("admin.port") ? "admin.port" : "server.port";
      String other = reading.isGiven("admin.port") ? "server.port" : "admin.port";
      String message = "got %d, which is %s's too; allowed is another one";
      reading.mistakes().add(reading.place(place), message.formatted(server.port(), other));
    }
  }

  private void token() {
    AdminConfig admin = config.admin();
    if (!admin.loopback() && admin.token().isEmpty() && sound("admin.host", "admin.token")) {
      String path = reading.isGiven("admin.token") ? "admin.token" : "admin.host";
      String message = "got '%s', which others can reach; admin.token is needed then";
      reading.mistakes().add(reading.place(path), message.formatted(admin.host()));
    }
  }

  private void statusTimes() {
    StatusRules status = config.status();
    if (status.awayAfter().compareTo(status.idleAfter()) < 0
        && sound("status.away_after", "status.idle_after")) {
      boolean away = reading.isGiven("status.away_after");
      String place = away ? "status.away_after" : "status.idle_after";
      String message =
          away
              ? "got %d, allowed is at least idle_after, which is %d"
              : "got %2$d, allowed is at most away_after, which is %1$d";
      reading
          .mistakes()
          .add(
              reading.place(place),
              message.formatted(status.awayAfter().toSeconds(), status.idleAfter().toSeconds()));
    }
  }

  private void authApp() {
    List<String> ids = config.apps().stream().map(AppConfig::id).toList();
    String app = config.authEndpoint().app();
    if (!ids.contains(app) && sound("auth_endpoint.app", "apps") && idsAreKnown()) {
      String meant = Spelling.nearest(app, ids).map(id -> "; did you mean " + id + "?").orElse("");
      String message = "got '" + app + "', allowed is the id of an app: " + String.join(", ", ids);
      reading.mistakes().add(reading.place("auth_endpoint.app"), message + meant);
    }
  }

  private boolean idsAreKnown() {
    return !appsGiven
        || IntStream.range(0, config.apps().size())
            .mapToObj(i -> "apps[" + i + "].id")
            .allMatch(path -> reading.isGiven(path) && reading.isSound(path));
  }

  private void redis() {
    if (reading.isGiven("scaling.redis.url") && reading.isGiven("scaling.redis.sentinel.master")) {
      String message = "got url too; allowed is one of url and sentinel";
      reading.mistakes().add(reading.place("scaling.redis.sentinel"), message);
    }
    RedisConfig redis = config.scaling().redis();
    if (redis.ca() != null && !redis.tls() && !reading.mistakes().within("scaling.redis.")) {
      String message =
          "got one, but Redis is used without TLS; allowed with rediss:// or tls: true";
      reading.mistakes().add(reading.place("scaling.redis.ca"), message);
    }
  }

  /** Whether the server could begin with the files that are named. */
  void files() {
    Path ca = config.scaling().redis().ca();
    if (ca == null || !config.scaling().enabled() || !sound("scaling.redis.ca")) {
      return;
    }
    try {
      CertificateFile.read(ca);
    } catch (IOException unusable) {
      String message = "got '%s', which %s; allowed is a PEM file of certificates";
      reading
          .mistakes()
          .add(reading.place("scaling.redis.ca"), message.formatted(ca, unusable.getMessage()));
    }
  }

  private boolean sound(String... paths) {
    return List.of(paths).stream().allMatch(reading::isSound);
  }
}
