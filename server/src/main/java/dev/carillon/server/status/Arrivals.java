package dev.carillon.server.status;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.UserDetails;
import dev.carillon.protocol.status.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a user's record when a connection is known to be a device of the user: a new one,
 * one that is back, or one that was there already. Pure functions.
 */
final class Arrivals {
  /**
   * A page that closes says {@code offline} about when its connection closes. A connection that is
   * back after a longer time was cut, and brings nobody back online.
   */
  private static final Duration CLOSING = Duration.ofSeconds(5);

  /** For how long a device that is back may subscribe again without being active by that. */
  private static final Duration QUIET = Duration.ofSeconds(10);

  private Arrivals() {}

  /** A connection whose user is known now. */
  static UserRecord connected(
      UserRecord user, String node, SocketId socket, UserDetails details, Instant now) {
    UserRecord profiled = user.withProfile(user.profile().with(details.profile()));
    Optional<Device> standing = Changes.standing(user, node, socket);
    return standing.isPresent()
        ? named(profiled, standing.get(), details, now)
        : added(profiled, node, socket, details, now);
  }

  private static UserRecord added(
      UserRecord user, String node, SocketId socket, UserDetails details, Instant now) {
    Optional<Device> gone = predecessor(user, node, socket, details);
    Optional<Device> before = gone.or(() -> twin(user, details));
    List<Device> devices = new ArrayList<>(user.devices());
    gone.ifPresent(devices::remove);
    devices.add(
        before
            .map(device -> device.named(details.device(), details.deviceId()))
            .map(device -> device.continued(node, socket, Set.of(), now.plus(QUIET)))
            .orElseGet(() -> fresh(node, socket, details, now)));
    UserRecord there = user.withDevices(devices, now);
    if (before.isEmpty()) {
      there = there.activeAt(now);
    }
    return endsOffline(user.choice(), before, now) ? there.withChoice(null) : there;
  }

  private static Device fresh(String node, SocketId socket, UserDetails details, Instant now) {
    return new Device(
        node,
        socket,
        details.device(),
        details.deviceId(),
        Set.of(),
        now,
        false,
        false,
        null,
        null);
  }

  /**
   * A connection that is known already, perhaps by less. If it came without a name just now, it may
   * turn out to be a device that is back.
   */
  private static UserRecord named(
      UserRecord user, Device device, UserDetails details, Instant now) {
    boolean nameless = device.kind() == null && device.id() == null;
    boolean justCame = now.isBefore(device.lastActive().plus(QUIET));
    Device named = device.named(details.device(), details.deviceId());
    List<Device> devices = new ArrayList<>(user.devices());
    if (nameless && justCame && !named.equals(device)) {
      Optional<Device> gone = predecessor(user, device.node(), device.socket(), details);
      gone.ifPresent(devices::remove);
      named =
          gone.or(() -> twin(user, details))
              .map(
                  before ->
                      before.continued(
                          device.node(), device.socket(), device.channels(), now.plus(QUIET)))
              .orElse(named);
    }
    devices.set(devices.indexOf(device), named);
    return user.withDevices(devices, now);
  }

  /** Which one it is again: the same connection, or by its id, or where it has none by its kind. */
  private static Optional<Device> predecessor(
      UserRecord user, String node, SocketId socket, UserDetails details) {
    return user.devices().stream()
        .filter(device -> !device.connected())
        .filter(device -> device.is(node, socket) || isNamed(device, details))
        .max(
            Comparator.comparing((Device device) -> device.is(node, socket))
                .thenComparing(device -> Objects.requireNonNull(device.goneAt())));
  }

  /**
   * The one of the same id whose connection stands, as far as anybody knows: who comes back before
   * it is known that a node is dead, or a connection, is no news either.
   */
  private static Optional<Device> twin(UserRecord user, UserDetails details) {
    return user.devices().stream()
        .filter(Device::present)
        .filter(device -> device.id() != null && device.id().equals(details.deviceId()))
        .max(Comparator.comparing(Device::lastActive));
  }

  private static boolean isNamed(Device device, UserDetails details) {
    return Objects.equals(device.id(), details.deviceId())
        && (device.id() != null || Objects.equals(device.kind(), details.device()));
  }

  private static boolean endsOffline(
      @Nullable Choice choice, Optional<Device> before, Instant now) {
    if (choice == null || choice.status() != Status.OFFLINE) {
      return false;
    }
    Instant closing = choice.madeAt().plus(CLOSING);
    return before
        .map(device -> (device.goneAt() == null ? now : device.goneAt()).isBefore(closing))
        .orElse(true);
  }
}
