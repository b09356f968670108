package dev.carillon.server.status;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.status.DeviceState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a user, and for a time after its end what it stood for.
 *
 * @param node on which the connection is, under the id of the node's present life
 * @param kind {@code web}, {@code mobile}, …; {@code null} if it was not named: then others are not
 *     told of it
 * @param id stable over reconnects; {@code null} if it was not named
 * @param channels the presence channels that the user is in by it
 * @param away whether it was said to be
 * @param dismissed whether it was said to be gone, though its connection stands
 * @param goneAt when its connection closed or it was said to be gone; {@code null} while it is
 *     there
 * @param quietUntil it is where another was: subscriptions before are no activity
 */
public record Device(
    String node,
    SocketId socket,
    @Nullable String kind,
    @Nullable String id,
    Set<String> channels,
    Instant lastActive,
    boolean away,
    boolean dismissed,
    @Nullable Instant goneAt,
    @Nullable Instant quietUntil) {
  /** Defensive copy, in order. */
  public Device {
    channels = Collections.unmodifiableSet(new TreeSet<>(channels));
  }

  /** Whether it is a reason to say that the user has a device. */
  boolean present() {
    return goneAt == null;
  }

  /** Whether its connection stands, though it may have been said to be gone. */
  public boolean connected() {
    return goneAt == null || dismissed;
  }

  boolean is(String node, SocketId socket) {
    return this.node.equals(node) && this.socket.equals(socket);
  }

  /** How it is used; a device that has gone stays as it was then. */
  DeviceState state(Instant now, StatusTimes times) {
    if (away) {
      return DeviceState.AWAY;
    }
    Duration quiet = Duration.between(lastActive, goneAt == null ? now : goneAt);
    if (quiet.compareTo(times.awayAfter()) >= 0) {
      return DeviceState.AWAY;
    }
    return quiet.compareTo(times.idleAfter()) >= 0 ? DeviceState.IDLE : DeviceState.ACTIVE;
  }

  /** Somebody uses it: it is there, whatever was said. */
  Device active(Instant now) {
    return new Device(node, socket, kind, id, channels, later(now), false, false, null, null);
  }

  /** It has subscribed, which clients also do by themselves when they reconnect. */
  Device subscribed(Instant now) {
    return quietUntil != null && now.isBefore(quietUntil)
        ? this
        : new Device(node, socket, kind, id, channels, later(now), away, false, null, quietUntil);
  }

  private Instant later(Instant now) {
    return now.isAfter(lastActive) ? now : lastActive;
  }

  /** It is there, says somebody, but not used. */
  Device saidAway() {
    return new Device(node, socket, kind, id, channels, lastActive, true, false, null, quietUntil);
  }

  /** It is not there, says somebody. */
  Device dismiss(Instant now) {
    return dismissed
        ? this
        : new Device(node, socket, kind, id, channels, lastActive, away, true, now, quietUntil);
  }

  /** Its connection has closed; what was said to be gone has been so since then. */
  Device gone(Instant now) {
    Instant since = goneAt == null ? now : goneAt;
    return new Device(node, socket, kind, id, Set.of(), lastActive, away, false, since, quietUntil);
  }

  /** By that name, where it has none. */
  Device named(@Nullable String otherKind, @Nullable String otherId) {
    return new Device(
        node,
        socket,
        kind == null ? otherKind : kind,
        id == null ? otherId : id,
        channels,
        lastActive,
        away,
        dismissed,
        goneAt,
        quietUntil);
  }

  /** The same one by another connection: how it was used goes on, and subscribing is quiet. */
  Device continued(
      String otherNode, SocketId otherSocket, Set<String> otherChannels, Instant quiet) {
    return new Device(
        otherNode, otherSocket, kind, id, otherChannels, lastActive, away, false, null, quiet);
  }

  Device on(String otherNode) {
    return new Device(
        otherNode, socket, kind, id, channels, lastActive, away, dismissed, goneAt, quietUntil);
  }

  Device in(ChannelName channel) {
    Set<String> more = new TreeSet<>(channels);
    more.add(channel.value());
    return with(more);
  }

  Device notIn(ChannelName channel) {
    Set<String> fewer = new TreeSet<>(channels);
    fewer.remove(channel.value());
    return with(fewer);
  }

  private Device with(Set<String> others) {
    return new Device(
        node, socket, kind, id, others, lastActive, away, dismissed, goneAt, quietUntil);
  }
}
