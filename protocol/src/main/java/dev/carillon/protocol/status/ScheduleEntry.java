package dev.carillon.protocol.status;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A status that a user will have for a time.
 *
 * @param id names it among the user's entries; rises from entry to entry
 * @param status one that may be chosen
 * @param startsAt the first moment of it
 * @param endsAt the first moment after it
 */
public record ScheduleEntry(
    long id, Status status, @Nullable String customMessage, Instant startsAt, Instant endsAt) {
  /** Whether it is this entry's time. */
  public boolean runs(Instant now) {
    return !now.isBefore(startsAt) && now.isBefore(endsAt);
  }
}
