package dev.carillon.protocol.http;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a request may ask to know of a channel, by its parameter {@code info}. */
public enum Info {
  /** {@code user_count}: how many users are in; presence channels only. */
  USER_COUNT("user_count"),
  /** {@code subscription_count}: how many connections are subscribed. */
  SUBSCRIPTION_COUNT("subscription_count"),
  /** {@code cache}: the event that is kept; cache channels, one at a time. */
  CACHE("cache"),
  /** {@code suppressed}: whether a user's wish for quiet kept the event; of an event only. */
  SUPPRESSED("suppressed");

  private final String parameter;

  Info(String parameter) {
    this.parameter = parameter;
  }

  /** As {@link #parse}, but only what is told of the channels of an event. */
  static Set<Info> parseOfEvent(@Nullable String list) {
    Set<Info> infos = parse(list);
    infos.remove(CACHE);
    return infos;
  }

  /** Reads a comma-separated list; names that are not known are left out. */
  public static Set<Info> parse(@Nullable String list) {
    Set<Info> infos = EnumSet.noneOf(Info.class);
    if (list != null) {
      for (String name : list.split(",", -1)) {
        for (Info info : values()) {
          if (info.parameter.equals(name.strip())) {
            infos.add(info);
          }
        }
      }
    }
    return infos;
  }
}
