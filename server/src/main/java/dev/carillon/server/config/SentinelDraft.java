package dev.carillon.server.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code sentinel} that is being read.
 *
 * <p>Confined to one thread.
 */
final class SentinelDraft {
  private static final int PORT = 26_379;

  private String master = "";
  private final List<RedisConfig.Node> nodes = new ArrayList<>();
  private @Nullable String user;
  private @Nullable String password;
  private @Nullable String sentinelPassword;
  private int database;
  private boolean tls;

  void master(String value) {
    this.master = value;
  }

  void nodes(List<HostPort> values) {
    values.forEach(value -> nodes.add(value.toNode(PORT)));
  }

  void user(String value) {
    this.user = orNone(value);
  }

  void password(String value) {
    this.password = orNone(value);
  }

  void sentinelPassword(String value) {
    this.sentinelPassword = orNone(value);
  }

  void database(int value) {
    this.database = value;
  }

  void tls(boolean value) {
    this.tls = value;
  }

  private static @Nullable String orNone(String value) {
    return value.isEmpty() ? null : value;
  }

  /** Reads one; it needs the master's name and a sentinel. */
  static void read(Element element, RedisConfig.Builder into, Reading reading) {
    SentinelDraft draft = new SentinelDraft();
    Keys.SENTINEL.read(element, draft, reading);
    if (element instanceof Element.Mapping) {
      draft.complete(element.place(), into, reading);
    }
  }

  private void complete(Place place, RedisConfig.Builder into, Reading reading) {
    for (String key : List.of("master", "nodes")) {
      if (!reading.isGiven(place.key() + "." + key)) {
        reading.mistakes().add(place.child(key, place.line()), "missing; sentinel needs it");
      }
    }
    if (!master.isEmpty() && !nodes.isEmpty()) {
      into.target(new RedisConfig.Sentinel(master, nodes, sentinelPassword, database))
          .user(user)
          .password(password)
          .tls(tls);
    }
  }
}
