package dev.carillon.server.status;

import dev.carillon.protocol.status.DeviceState;
import dev.carillon.protocol.status.Location;
import dev.carillon.protocol.status.ScheduleEntry;
import dev.carillon.protocol.status.Status;
import dev.carillon.server.status.Shown.Source;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a user is at a time, by the record and the times alone. The first of these rules that fits:
 *
 * <ol>
 *   <li>no device, and the grace after the last one is over: offline
 *   <li>chosen {@code invisible} or {@code offline}: offline to others, the truth to the user
 *   <li>another choice that stands: it
 *   <li>an entry of the schedule that runs: it; {@code invisible} and {@code offline} as above
 *   <li>any device active: online; else any idle: idle; else away
 * </ol>
 *
 * <p>While the grace runs, the devices are those that were there when it began, as they were.
 *
 * @param own what the user is told
 * @param others what all others are told
 * @param source where the status came from
 */
record EffectiveStatus(View own, View others, Source source) {
  private static final EffectiveStatus OFFLINE =
      new EffectiveStatus(View.OFFLINE, View.OFFLINE, Source.NOWHERE);

  /** Of two entries that run the one that started later, then the larger id. */
  private static final Comparator<ScheduleEntry> RANK =
      Comparator.comparing(ScheduleEntry::startsAt).thenComparing(ScheduleEntry::id);

  /** Whether it looks the same, to everybody. */
  boolean looksLike(View otherOwn, View otherOthers) {
    return own.equals(otherOwn) && others.equals(otherOthers);
  }

  static EffectiveStatus of(UserRecord user, Instant now, StatusTimes times) {
    if (isAbsent(user, now, times)) {
      return OFFLINE;
    }
    List<Device> devices = shownDevices(user, now, times);
    Choice choice = user.choice() != null && user.choice().stands(now) ? user.choice() : null;
    Optional<ScheduleEntry> entry = running(user, now);
    if (choice != null && choice.status() != null) {
      return of(
          choice.status(),
          choice.message(),
          choice.expiresAt(),
          Source.CHOICE,
          user,
          devices,
          now,
          times);
    }
    if (entry.isPresent()) {
      ScheduleEntry runs = entry.get();
      return of(
          runs.status(),
          runs.customMessage(),
          runs.endsAt(),
          Source.SCHEDULE,
          user,
          devices,
          now,
          times);
    }
    String message = choice == null ? null : choice.message();
    Instant end = choice == null ? null : choice.expiresAt();
    Status status = automatic(devices, now, times);
    return of(status, message, end, Source.DEVICES, user, devices, now, times);
  }

  private static EffectiveStatus of(
      Status status,
      @Nullable String message,
      @Nullable Instant expiresAt,
      Source source,
      UserRecord user,
      List<Device> devices,
      Instant now,
      StatusTimes times) {
    Location location = user.location();
    View own =
        new View(
            status,
            message,
            expiresAt,
            kinds(devices, now, times),
            location == null || !now.isBefore(location.expiresAt()) ? null : location);
    return new EffectiveStatus(own, status.hidden() ? View.OFFLINE : own, source);
  }

  /** Whether the user has no device, and has had none for the grace. */
  static boolean isAbsent(UserRecord user, Instant now, StatusTimes times) {
    Instant since = user.absentSince();
    return !user.present() && (since == null || !now.isBefore(since.plus(times.offlineAfter())));
  }

  /** Whether the user does not want to be disturbed, with or without a device. */
  static boolean wantsQuiet(UserRecord user, Instant now) {
    Choice choice = user.choice();
    if (choice != null && choice.stands(now) && choice.status() != null) {
      return choice.status() == Status.DND;
    }
    return running(user, now).filter(entry -> entry.status() == Status.DND).isPresent();
  }

  /**
   * Whether a user who did not want to be disturbed may be again: something was done about it, or
   * the time was over at some moment until now. It says so as well of a time of quiet that
   * something else has cut short, for as long as that something lasts.
   */
  static boolean quietEnded(UserRecord before, UserRecord after, Instant now) {
    return !wantsQuiet(after, now)
        && (wantsQuiet(before, now)
            || turns(before)
                .filter(turn -> !turn.isAfter(now))
                .anyMatch(turn -> wantsQuiet(before, turn.minusNanos(1))));
  }

  /** When it is not the same any more whether the user wants quiet. */
  private static Stream<Instant> turns(UserRecord user) {
    Choice choice = user.choice();
    return Stream.concat(
        choice == null ? Stream.empty() : Stream.ofNullable(choice.expiresAt()),
        user.schedule().stream().flatMap(entry -> Stream.of(entry.startsAt(), entry.endsAt())));
  }

  /** The entry of the schedule that counts now. */
  static Optional<ScheduleEntry> running(UserRecord user, Instant now) {
    return user.schedule().stream().filter(entry -> entry.runs(now)).max(RANK);
  }

  private static List<Device> shownDevices(UserRecord user, Instant now, StatusTimes times) {
    return user.devices().stream().filter(device -> isShown(device, user, now, times)).toList();
  }

  /**
   * Those that are there; beside them for a while those whose connection has closed; in the grace
   * those that were shown when the last of them went.
   */
  static boolean isShown(Device device, UserRecord user, Instant now, StatusTimes times) {
    Instant gone = device.goneAt();
    if (gone == null) {
      return true;
    }
    Instant absent = user.absentSince();
    return device.dismissed()
        ? gone.equals(absent)
        : (absent == null ? now : absent).isBefore(gone.plus(times.linger()));
  }

  private static Status automatic(List<Device> devices, Instant now, StatusTimes times) {
    return devices.stream()
        .map(device -> device.state(now, times))
        .min(Comparator.naturalOrder())
        .map(
            state ->
                switch (state) {
                  case ACTIVE -> Status.ONLINE;
                  case IDLE -> Status.IDLE;
                  case AWAY -> Status.AWAY;
                })
        .orElse(Status.AWAY);
  }

  private static SortedMap<String, DeviceState> kinds(
      List<Device> devices, Instant now, StatusTimes times) {
    SortedMap<String, DeviceState> kinds = new TreeMap<>();
    for (Device device : devices) {
      if (device.kind() != null) {
        DeviceState state = device.state(now, times);
        kinds.merge(device.kind(), state, (a, b) -> a.compareTo(b) <= 0 ? a : b);
      }
    }
    return kinds;
  }
}
