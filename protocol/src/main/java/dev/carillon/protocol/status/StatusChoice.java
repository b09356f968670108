package dev.carillon.protocol.status;

import dev.carillon.protocol.ProtocolException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a user wants to be seen as: {@code {"status":"busy","custom_message":"In a
 * call","expires_at":"2026-01-05T11:00:00Z"}}.
 *
 * @param status one that may be chosen; {@code null} for {@code auto}: as the devices are used
 * @param customMessage {@code null} for none
 * @param expiresAt from when on it does not count any more; {@code null} if it has no such end
 * @param duration for how long it counts, instead; {@code null} if it was not given
 */
public record StatusChoice(
    @Nullable Status status,
    @Nullable String customMessage,
    @Nullable Instant expiresAt,
    @Nullable Duration duration) {
  /** How many characters, which are code points, a message may have. */
  public static final int MAX_MESSAGE = 100;

  /**
   * When it ends, if it is made now.
   *
   * @return {@code null} if it does not end
   * @throws ProtocolException if the end is over
   */
  public @Nullable Instant end(Instant now) {
    if (duration != null) {
      return now.plus(duration).truncatedTo(ChronoUnit.MILLIS);
    }
    return expiresAt == null ? null : future("expires_at", expiresAt, now);
  }

  /**
   * That time, if it is still to come.
   *
   * @param field names it in the mistake
   * @throws ProtocolException if it is over
   */
  public static Instant future(String field, Instant time, Instant now) {
    if (time.isAfter(now)) {
      return time;
    }
    throw ProtocolException.invalid(
        "Invalid " + field + ": got " + time + ", allowed is a time after now, which is " + now);
  }

  /** Its name on the wire. */
  public static String text(@Nullable Status choice) {
    return choice == null ? "auto" : choice.text();
  }
}
