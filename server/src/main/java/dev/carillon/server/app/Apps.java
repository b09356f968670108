package dev.carillon.server.app;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The apps that are served.
 *
 * <p>Immutable.
 */
public final class Apps {
  private final Map<String, App> byKey;
  private final Map<String, App> byId;

  public Apps(List<App> apps) {
    this.byKey = by(apps, app -> app.credentials().key());
    this.byId = by(apps, App::id);
  }

  private static Map<String, App> by(List<App> apps, Function<App, String> property) {
    return apps.stream().collect(Collectors.toUnmodifiableMap(property, Function.identity()));
  }

  public Optional<App> withKey(String key) {
    return Optional.ofNullable(byKey.get(key));
  }

  public Optional<App> withId(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  public Iterable<App> all() {
    return byId.values();
  }
}
