package dev.carillon.server.status;

import dev.carillon.protocol.status.ScheduleEntry;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** When a record will look otherwise by itself. */
final class Upcoming {
  private Upcoming() {}

  /** The next such moment; {@code null} if there is none. */
  static @Nullable Instant of(UserRecord user, Instant now, StatusTimes times) {
    return Stream.of(said(user), scheduled(user), devices(user, times), end(user, now, times))
        .flatMap(each -> each)
        .filter(at -> at.isAfter(now))
        .min(Instant::compareTo)
        .orElse(null);
  }

  /** Whether nothing of it is worth keeping any more. */
  static boolean isOver(UserRecord user, Instant now, StatusTimes times) {
    Instant end = endOfRetention(user, now, times);
    return end != null && !now.isBefore(end);
  }

  private static Stream<Instant> said(UserRecord user) {
    return Stream.of(
            Stream.ofNullable(user.pending()).map(Pending::at),
            Stream.ofNullable(user.choice())
                .flatMap(choice -> Stream.ofNullable(choice.expiresAt())),
            Stream.ofNullable(user.location()).map(location -> location.expiresAt()))
        .flatMap(each -> each);
  }

  private static Stream<Instant> scheduled(UserRecord user) {
    return user.schedule().stream().flatMap(entry -> Stream.of(entry.startsAt(), entry.endsAt()));
  }

  private static Stream<Instant> devices(UserRecord user, StatusTimes times) {
    return user.devices().stream().flatMap(device -> device(device, times));
  }

  private static Stream<Instant> device(Device device, StatusTimes times) {
    Instant gone = device.goneAt();
    if (gone != null) {
      return device.dismissed() ? Stream.of() : Stream.of(gone.plus(times.linger()));
    }
    return device.away()
        ? Stream.of()
        : Stream.of(
            device.lastActive().plus(times.idleAfter()),
            device.lastActive().plus(times.awayAfter()));
  }

  private static Stream<Instant> end(UserRecord user, Instant now, StatusTimes times) {
    return Stream.concat(
        Stream.ofNullable(user.absentSince()).map(since -> since.plus(times.offlineAfter())),
        Stream.ofNullable(endOfRetention(user, now, times)));
  }

  /**
   * Of a user who is not there, and is not about to be told to have gone. What was said for a time
   * is kept to its end.
   */
  private static @Nullable Instant endOfRetention(UserRecord user, Instant now, StatusTimes times) {
    if (!user.devices().isEmpty()
        || user.pending() != null
        || !EffectiveStatus.isAbsent(user, now, times)) {
      return null;
    }
    Instant last =
        Stream.of(
                Stream.of(user.shown().since(), user.shown().ownSince()),
                Stream.ofNullable(user.lastActive()),
                Stream.ofNullable(user.choice()).map(Choice::madeAt))
            .flatMap(each -> each)
            .max(Instant::compareTo)
            .orElse(now);
    return Stream.concat(
            Stream.of(last.plus(times.retention())),
            Stream.concat(
                Stream.ofNullable(user.choice())
                    .flatMap(choice -> Stream.ofNullable(choice.expiresAt())),
                user.schedule().stream().map(ScheduleEntry::endsAt)))
        .max(Instant::compareTo)
        .orElse(last);
  }
}
