package dev.carillon.server.config;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the environment says about scaling. Its variables depend on each other, as in Laravel: what
 * {@code REDIS_URL} says counts, and the others tell what it leaves out; without it, they change
 * what the file says.
 *
 * <p>Confined to one thread.
 */
final class ScalingEnvironment {
  private static final Map<String, Boolean> SWITCH =
      Map.of(
          "true", true, "(true)", true, "1", true, "yes", true, "on", true, //
          "false", false, "(false)", false, "0", false, "no", false, "off", false);

  private final RedisConfig.Builder redis;
  private final Reading reading;

  private ScalingEnvironment(RedisConfig.Builder redis, Reading reading) {
    this.redis = redis;
    this.reading = reading;
  }

  /** Puts it over what the file says. */
  static void override(ScalingConfig.Builder scaling, Reading reading) {
    ValueType<Boolean> onOrOff =
        ValueType.of(
            "true or false",
            scalar -> Optional.ofNullable(SWITCH.get(scalar.text().toLowerCase(Locale.ROOT))));
    reading
        .variable("REVERB_SCALING_ENABLED")
        .flatMap(scalar -> onOrOff.read(scalar, reading))
        .ifPresent(scaling::enabled);
    // Every Laravel .env has REDIS_*, for the application's own use; without scaling they are not
    // for this server, right or wrong.
    if (scaling.build().enabled()) {
      new ScalingEnvironment(scaling.redis(), reading).override();
    }
  }

  private void override() {
    Optional<Element.Scalar> url = reading.variable("REDIS_URL");
    if (url.isPresent()) {
      RedisUrl.type().read(url.get(), reading).ifPresent(this::complete);
    } else {
      parts();
    }
  }

  private void complete(RedisUrl url) {
    // A part that the URL has is not looked at, right or wrong.
    int port = Optional.ofNullable(url.server().port()).or(this::port).orElse(RedisUrl.PORT);
    int database = Optional.ofNullable(url.database()).or(this::database).orElse(0);
    redis
        .target(new RedisConfig.Standalone(url.server().host(), port, database))
        .user(url.user())
        .password(url.password())
        .tls(url.tls());
    if (url.user() == null) {
      user();
    }
    if (url.password() == null) {
      password();
    }
  }

  private void parts() {
    user();
    password();
    RedisConfig.Target target = redis.build().target();
    if (target instanceof RedisConfig.Standalone one) {
      redis.target(
          new RedisConfig.Standalone(
              read("REDIS_HOST", ValueTypes.host()).orElse(one.host()),
              port().orElse(one.port()),
              database().orElse(one.database())));
      return;
    }
    refuseServer("REDIS_HOST");
    refuseServer("REDIS_PORT");
    if (target instanceof RedisConfig.Sentinel sentinel) {
      redis.target(
          new RedisConfig.Sentinel(
              sentinel.master(),
              sentinel.nodes(),
              sentinel.sentinelPassword(),
              database().orElse(sentinel.database())));
    } else if (database().orElse(0) != 0) {
      tell("REDIS_DB", "allowed is 0, a cluster's only one");
    }
  }

  // One server instead of the file's several, or the other way round: a guess could split the nodes
  // between two Redises, each with a half of the clients.
  private void refuseServer(String name) {
    tell(name, "but the file has several servers in scaling.redis; unset it, or set REDIS_URL");
  }

  private void tell(String name, String message) {
    reading
        .variable(name)
        .ifPresent(
            got -> reading.mistakes().add(got.place(), "got " + got.shown() + ", " + message));
  }

  private void user() {
    reading.variable("REDIS_USERNAME").map(Element.Scalar::text).ifPresent(redis::user);
  }

  private void password() {
    reading.variable("REDIS_PASSWORD").map(Element.Scalar::text).ifPresent(redis::password);
  }

  private Optional<Integer> port() {
    return read("REDIS_PORT", ValueTypes.remotePort());
  }

  private Optional<Integer> database() {
    return read("REDIS_DB", ValueTypes.atLeast(0));
  }

  private <T> Optional<T> read(String name, ValueType<T> type) {
    return reading.variable(name).flatMap(scalar -> type.read(scalar, reading));
  }
}
