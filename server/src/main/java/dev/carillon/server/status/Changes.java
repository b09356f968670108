package dev.carillon.server.status;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.status.Profile;
import dev.carillon.protocol.status.ScheduleEntry;
import dev.carillon.protocol.status.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What can happen to a user's record: pure functions. */
final class Changes {
  /** How many entries a schedule may have. */
  static final int MAX_ENTRIES = 50;

  /**
   * A page that closes says {@code offline} about when its connection closes. A connection that is
   * back after a longer time was cut, and brings nobody back online.
   */
  private static final Duration CLOSING = Duration.ofSeconds(5);

  /** For how long a device that is back may subscribe again without being active by that. */
  private static final Duration QUIET = Duration.ofSeconds(10);

  private Changes() {}

  /** A connection whose user is known now. */
  static UserRecord connected(
      UserRecord user,
      String node,
      SocketId socket,
      @Nullable String kind,
      @Nullable String id,
      Profile profile,
      Instant now) {
    UserRecord named = user.withProfile(user.profile().with(profile));
    if (user.devices().stream().anyMatch(device -> device.is(node, socket))) {
      return named;
    }
    Optional<Device> before = predecessor(user, kind, id);
    List<Device> devices = new ArrayList<>(user.devices());
    before.ifPresent(devices::remove);
    devices.add(
        before
            .map(device -> successor(device, node, socket, kind, id, now))
            .orElseGet(
                () -> new Device(node, socket, kind, id, Set.of(), now, false, false, null, null)));
    UserRecord there = named.withDevices(devices, now);
    if (before.isEmpty()) {
      there = there.activeAt(now);
    }
    return endsOffline(user.choice(), before) ? there.withChoice(null) : there;
  }

  /** Which one it is again: by its id, or where it has none by its kind. */
  private static Optional<Device> predecessor(
      UserRecord user, @Nullable String kind, @Nullable String id) {
    return user.devices().stream()
        .filter(device -> device.goneAt() != null)
        .filter(
            device ->
                Objects.equals(device.id(), id)
                    && (id != null || Objects.equals(device.kind(), kind)))
        .max(Comparator.comparing(device -> Objects.requireNonNull(device.goneAt())));
  }

  private static Device successor(
      Device before,
      String node,
      SocketId socket,
      @Nullable String kind,
      @Nullable String id,
      Instant now) {
    return new Device(
        node,
        socket,
        kind,
        id,
        Set.of(),
        before.lastActive(),
        before.away(),
        false,
        null,
        now.plus(QUIET));
  }

  private static boolean endsOffline(@Nullable Choice choice, Optional<Device> before) {
    if (choice == null || choice.status() != Status.OFFLINE) {
      return false;
    }
    Instant cut = before.map(Device::goneAt).orElse(null);
    return cut == null || cut.isBefore(choice.madeAt().plus(CLOSING));
  }

  /** A connection has subscribed to something. */
  static UserRecord subscribed(UserRecord user, String node, SocketId socket, Instant now) {
    UserRecord subscribed =
        each(user, device -> device.is(node, socket), device -> device.subscribed(now), now);
    return subscribed.devices().stream()
        .filter(device -> device.is(node, socket))
        .map(Device::lastActive)
        .findFirst()
        .map(subscribed::activeAt)
        .orElse(subscribed);
  }

  /** The user is in a presence channel by that connection. */
  static UserRecord joined(
      UserRecord user, String node, SocketId socket, ChannelName channel, Instant now) {
    return each(user, device -> device.is(node, socket), device -> device.in(channel), now);
  }

  /** The user has left a presence channel by that connection. */
  static UserRecord left(
      UserRecord user, String node, SocketId socket, ChannelName channel, Instant now) {
    return each(user, device -> device.is(node, socket), device -> device.notIn(channel), now);
  }

  /** A connection has ended, or its user is not known any more. */
  static UserRecord disconnected(UserRecord user, String node, SocketId socket, Instant now) {
    return gone(user, device -> device.is(node, socket), now);
  }

  /** A node is dead, and all connections on it. */
  static UserRecord died(UserRecord user, String node, Instant now) {
    return gone(user, device -> device.node().equals(node), now);
  }

  private static UserRecord gone(UserRecord user, Predicate<Device> which, Instant now) {
    List<Device> devices = new ArrayList<>();
    for (Device device : user.devices()) {
      if (!which.test(device) || device.goneAt() != null) {
        devices.add(device);
      } else if (!device.dismissed()) {
        devices.add(device.gone(now));
      }
    }
    return user.withDevices(devices, now);
  }

  /**
   * Devices that this node has, in a record that may have been lost.
   *
   * @param mine as they are known here, under the node's present id
   */
  static UserRecord back(UserRecord user, String formerNode, List<Device> mine, Instant now) {
    List<Device> devices = new ArrayList<>();
    for (Device device : user.devices()) {
      if (!device.node().equals(formerNode)
          && mine.stream().noneMatch(own -> own.is(device.node(), device.socket()))) {
        devices.add(device);
      }
    }
    devices.addAll(mine);
    return user.withDevices(devices, now);
  }

  /** Something was done on that connection. */
  static UserRecord active(UserRecord user, String node, SocketId socket, Instant now) {
    return each(user, device -> device.is(node, socket), device -> device.active(now), now)
        .activeAt(now);
  }

  /**
   * Something was done, as the app says.
   *
   * @param id on which device; {@code null} for the one on which something was done last
   */
  static UserRecord active(UserRecord user, @Nullable String id, Instant now) {
    Optional<Device> last =
        user.devices().stream()
            .filter(device -> device.goneAt() == null)
            .filter(device -> id == null || id.equals(device.id()))
            .max(Comparator.comparing(Device::lastActive));
    return last.map(device -> active(user, device.node(), device.socket(), now))
        .orElseGet(() -> user.activeAt(now));
  }

  /** The user has chosen; an end that has passed already is a choice that is over. */
  static UserRecord chosen(UserRecord user, Choice choice, Instant now) {
    boolean nothing = choice.status() == null && choice.message() == null;
    return active(user, (String) null, now).withChoice(nothing ? null : choice);
  }

  /**
   * A device was said to be in use, not to be, or to be gone.
   *
   * @param status online, away or offline
   */
  static UserRecord said(UserRecord user, String id, Status status, Instant now) {
    Predicate<Device> named = device -> device.goneAt() == null && id.equals(device.id());
    return switch (status) {
      case ONLINE -> active(user, id, now);
      case AWAY -> each(user, named, Device::saidAway, now);
      case OFFLINE -> each(user, named, Device::dismiss, now);
      case IDLE, BUSY, DND, INVISIBLE ->
          throw ProtocolException.invalid(
              "Invalid status: got '"
                  + status.text()
                  + "' with a device_id, allowed are online, away, offline");
    };
  }

  /** A further entry of the schedule; its id is the next. */
  static UserRecord scheduled(UserRecord user, ScheduleEntry entry, Instant now) {
    List<ScheduleEntry> entries = new ArrayList<>(standing(user, now));
    if (entries.size() >= MAX_ENTRIES) {
      throw ProtocolException.invalid(
          "Too many schedule entries: " + entries.size() + " are there, as many as are allowed");
    }
    long id = user.lastEntry() + 1;
    entries.add(
        new ScheduleEntry(
            id, entry.status(), entry.customMessage(), entry.startsAt(), entry.endsAt()));
    return user.withSchedule(entries, id);
  }

  /** An entry is not wanted any more; without effect where there is none. */
  static UserRecord cancelled(UserRecord user, long entry) {
    return user.withSchedule(
        user.schedule().stream().filter(each -> each.id() != entry).toList(), user.lastEntry());
  }

  private static List<ScheduleEntry> standing(UserRecord user, Instant now) {
    return user.schedule().stream().filter(entry -> now.isBefore(entry.endsAt())).toList();
  }

  /** Without what is over. */
  static UserRecord pruned(UserRecord user, Instant now, StatusTimes times) {
    UserRecord pruned = user.withSchedule(standing(user, now), user.lastEntry());
    if (user.choice() != null && !user.choice().stands(now)) {
      pruned = pruned.withChoice(null);
    }
    if (user.location() != null && !now.isBefore(user.location().expiresAt())) {
      pruned = pruned.withLocation(null);
    }
    return pruned.withDevices(remaining(user, now, times), now);
  }

  /** In the grace those that were shown when it began; afterwards none that has gone. */
  private static List<Device> remaining(UserRecord user, Instant now, StatusTimes times) {
    boolean absent = EffectiveStatus.isAbsent(user, now, times);
    Instant at = user.absentSince() == null ? now : user.absentSince();
    return user.devices().stream()
        .filter(
            device ->
                device.goneAt() == null || (!absent && EffectiveStatus.isShown(device, at, times)))
        .toList();
  }

  private static UserRecord each(
      UserRecord user, Predicate<Device> which, UnaryOperator<Device> change, Instant now) {
    return user.withDevices(
        user.devices().stream()
            .map(device -> which.test(device) ? change.apply(device) : device)
            .toList(),
        now);
  }
}
