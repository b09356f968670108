package dev.carillon.protocol.status;

import dev.carillon.protocol.json.JsonBytes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Writes what may be unknown, which is {@code null}. */
final class Values {
  private Values() {}

  static void text(JsonBytes json, @Nullable String text) {
    if (text == null) {
      json.syntax("null");
    } else {
      json.quoted(text);
    }
  }

  /** ISO-8601 in UTC, to the second. */
  static void time(JsonBytes json, @Nullable Instant time) {
    text(json, time == null ? null : time.truncatedTo(ChronoUnit.SECONDS).toString());
  }
}
