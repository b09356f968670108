package dev.carillon.server.status;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.status.ScheduleEntry;
import dev.carillon.protocol.status.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What can happen to a user's record: pure functions. */
final class Changes {
  /** How many entries a schedule may have. */
  static final int MAX_ENTRIES = 50;

  private Changes() {}

  /** The device that a connection is; none if its user is not known. */
  static Optional<Device> standing(UserRecord user, String node, SocketId socket) {
    return user.devices().stream()
        .filter(device -> device.is(node, socket) && device.connected())
        .findFirst();
  }

  /** A connection has subscribed to something. */
  static UserRecord subscribed(UserRecord user, String node, SocketId socket, Instant now) {
    UserRecord subscribed =
        each(user, device -> device.is(node, socket), device -> device.subscribed(now), now);
    return standing(subscribed, node, socket)
        .map(Device::lastActive)
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
      boolean ends = which.test(device) && device.connected();
      // One that was said to be gone is not seen any more, unless it was the last.
      if (!ends || !device.dismissed() || wentLast(device, user)) {
        devices.add(ends ? device.gone(now) : device);
      }
    }
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
   * @param id on which device; {@code null} for the one of those that are there on which something
   *     was done last
   */
  static UserRecord active(UserRecord user, @Nullable String id, Instant now) {
    Optional<Device> last =
        user.devices().stream()
            .filter(
                device ->
                    id == null ? device.present() : device.connected() && id.equals(device.id()))
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
    Predicate<Device> named = device -> device.connected() && id.equals(device.id());
    return switch (status) {
      case ONLINE -> user.devices().stream().anyMatch(named) ? active(user, id, now) : user;
      case AWAY -> each(user, named, Device::saidAway, now);
      case OFFLINE -> dismissed(user, id, now);
      case IDLE, BUSY, DND, INVISIBLE ->
          throw ProtocolException.invalid(
              "Invalid status: got '"
                  + status.text()
                  + "' with a device_id, allowed are online, away, offline");
    };
  }

  /**
   * A device is gone, says somebody. One whose connection has closed before that is as one whose
   * connection closes after it: it is not seen any more, unless it was the last.
   */
  private static UserRecord dismissed(UserRecord user, String id, Instant now) {
    Predicate<Device> named = device -> id.equals(device.id());
    boolean othersWentLast =
        user.devices().stream().anyMatch(named.negate().and(device -> wentLast(device, user)));
    return user.withDevices(
        user.devices().stream()
            .filter(
                device ->
                    !named.test(device)
                        || device.connected()
                        || (wentLast(device, user) && !othersWentLast))
            .map(device -> named.test(device) && device.connected() ? device.dismiss(now) : device)
            .toList(),
        now);
  }

  /** Whether the user has been absent since that device went. */
  private static boolean wentLast(Device device, UserRecord user) {
    return device.goneAt() != null && device.goneAt().equals(user.absentSince());
  }

  /** A further entry of the schedule; its id is the next. */
  static UserRecord scheduled(UserRecord user, ScheduleEntry entry, Instant now) {
    List<ScheduleEntry> entries = new ArrayList<>(standing(user, now));
    if (entries.size() >= MAX_ENTRIES) {
      throw ProtocolException.invalid(
          "Invalid schedule: got an entry beyond "
              + MAX_ENTRIES
              + ", allowed are "
              + MAX_ENTRIES
              + " that are not over");
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

  /** Those whose connection stands, and those that are still shown. */
  private static List<Device> remaining(UserRecord user, Instant now, StatusTimes times) {
    boolean absent = EffectiveStatus.isAbsent(user, now, times);
    return user.devices().stream()
        .filter(
            device ->
                device.connected()
                    || (!absent && EffectiveStatus.isShown(device, user, now, times)))
        .toList();
  }

  /** Changes those of the devices whose connection stands. */
  private static UserRecord each(
      UserRecord user, Predicate<Device> which, UnaryOperator<Device> change, Instant now) {
    return user.withDevices(
        user.devices().stream()
            .map(device -> device.connected() && which.test(device) ? change.apply(device) : device)
            .toList(),
        now);
  }
}
