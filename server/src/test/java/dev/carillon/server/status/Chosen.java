package dev.carillon.server.status;

import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.ScheduleEntry;
import dev.carillon.protocol.status.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Says how users want to be, as their app does. */
public final class Chosen {
  private Chosen() {}

  /** The user chooses that, until something else is chosen. */
  public static void now(Statuses statuses, String user, Status status) {
    ask(statuses, user, (record, now) -> chosen(record, status, null, now));
  }

  /** The user chooses that for a time. */
  public static void until(Statuses statuses, String user, Status status, Duration time) {
    ask(statuses, user, (record, now) -> chosen(record, status, now.plus(time), now));
  }

  private static UserRecord chosen(
      UserRecord record, Status status, @Nullable Instant end, Instant now) {
    return Changes.chosen(record, new Choice(status, null, end, now), now);
  }

  /** The user's schedule has that, from now on for a time. */
  public static void scheduled(Statuses statuses, String user, Status status, Duration time) {
    ask(
        statuses,
        user,
        (record, now) ->
            Changes.scheduled(
                record, new ScheduleEntry(0, status, null, now, now.plus(time)), now));
  }

  private static void ask(
      Statuses statuses, String user, BiFunction<UserRecord, Instant, UserRecord> step) {
    try {
      statuses
          .ask(new UserId(user, false), null, (record, at) -> step.apply(record, at.now()))
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
