package dev.carillon.server.status;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.UserDetails;
import dev.carillon.protocol.status.Cause;
import dev.carillon.protocol.status.Status;
import dev.carillon.protocol.status.StatusUpdate;
import dev.carillon.protocol.status.UserStatus;
import dev.carillon.server.status.Shown.Source;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is told of a record that may have changed: at once what somebody said, a little
 * later what changed by itself, and nothing where it looks as before.
 *
 * @param after the record, as told
 * @param own what the user's own channel is told; {@code null} if nothing
 * @param others what all others are told; {@code null} if nothing
 */
record Telling(UserRecord after, @Nullable StatusUpdate own, @Nullable StatusUpdate others) {
  /**
   * Looks at a record, and does something to it.
   *
   * @param cause of what is done; what is seen of {@link Cause#MANUAL} is told at once
   */
  static Telling of(
      String id,
      UserRecord user,
      UnaryOperator<UserRecord> step,
      Cause cause,
      Instant now,
      StatusTimes times) {
    UserRecord before = aged(user, now, times);
    UserRecord after = Changes.pruned(step.apply(before), now, times);
    EffectiveStatus was = EffectiveStatus.of(before, now, times);
    EffectiveStatus status = EffectiveStatus.of(after, now, times);
    if (status.looksLike(after.shown().own(), after.shown().others())) {
      return new Telling(quiet(after, status), null, null);
    }
    Pending pending = after.pending();
    // Where nothing was waiting, all that looks otherwise was done now.
    boolean done = !status.looksLike(was.own(), was.others());
    boolean replaces = done && !stillComes(after, status, cause);
    Cause why = replaces || pending == null ? cause : pending.cause();
    Instant at = pending == null ? now.plus(times.coalesce()) : pending.at();
    boolean atOnce = done && cause == Cause.MANUAL;
    return atOnce || !now.isBefore(at)
        ? told(id, after, status, why, now)
        : new Telling(after.withPending(new Pending(at, why)), null, null);
  }

  /**
   * Whether what waits is that a device has come, and what is done now does not change that: it is
   * used, or something else goes while the user comes.
   */
  private static boolean stillComes(UserRecord user, EffectiveStatus status, Cause cause) {
    Pending pending = user.pending();
    boolean comes =
        user.shown().own().status() == Status.OFFLINE && status.own().status() != Status.OFFLINE;
    return pending != null
        && pending.cause() == Cause.CONNECTED
        && cause != Cause.MANUAL
        && (comes || cause == Cause.ACTIVE);
  }

  /** What has become of it by time alone, which is told a little later. */
  private static UserRecord aged(UserRecord user, Instant now, StatusTimes times) {
    UserRecord pruned = Changes.pruned(user, now, times);
    EffectiveStatus status = EffectiveStatus.of(pruned, now, times);
    return pruned.pending() != null
            || status.looksLike(pruned.shown().own(), pruned.shown().others())
        ? pruned
        : pruned.withPending(
            new Pending(now.plus(times.coalesce()), byTime(user, status, now, times)));
  }

  private static Telling told(
      String id, UserRecord user, EffectiveStatus status, Cause why, Instant now) {
    Shown shown = user.shown();
    boolean ownChanged = !status.own().equals(shown.own());
    boolean othersChanged = !status.others().equals(shown.others());
    UserRecord told = user.told(next(user, status, othersChanged, now));
    return new Telling(
        told,
        ownChanged ? new StatusUpdate(own(id, told), shown.own().status(), why) : null,
        othersChanged ? new StatusUpdate(others(id, told), shown.others().status(), why) : null);
  }

  private static UserRecord quiet(UserRecord user, EffectiveStatus status) {
    Shown shown = user.shown();
    return status.source() == shown.source()
        ? user.withPending(null)
        : user.told(
            new Shown(
                shown.others(),
                shown.own(),
                status.source(),
                shown.since(),
                shown.ownSince(),
                shown.lastActive(),
                shown.lastSeen(),
                shown.version()));
  }

  private static Shown next(
      UserRecord user, EffectiveStatus status, boolean othersChanged, Instant now) {
    Shown shown = user.shown();
    boolean hides = status.others().status() == Status.OFFLINE;
    boolean goes = hides && shown.others().status() != Status.OFFLINE;
    Instant absent = user.absentSince();
    return new Shown(
        status.others(),
        status.own(),
        status.source(),
        status.others().status() == shown.others().status() ? shown.since() : now,
        status.own().status() == shown.own().status() ? shown.ownSince() : now,
        goes ? user.lastActive() : shown.lastActive(),
        goes ? (absent == null ? now : absent) : shown.lastSeen(),
        shown.version() + (othersChanged ? 1 : 0));
  }

  /** Why a record looks otherwise than it was told, though nothing was done to it. */
  private static Cause byTime(
      UserRecord user, EffectiveStatus status, Instant now, StatusTimes times) {
    if (user.choice() != null && !user.choice().stands(now)) {
      return Cause.EXPIRED;
    }
    if (status.source() == Source.NOWHERE) {
      return Cause.DISCONNECTED;
    }
    boolean scheduled =
        status.source() == Source.SCHEDULE || user.shown().source() == Source.SCHEDULE;
    // Devices and locations change also while an entry runs.
    if (scheduled && !status.own().saysTheSameAs(user.shown().own())) {
      return Cause.SCHEDULE;
    }
    if (user.location() != null && !now.isBefore(user.location().expiresAt())) {
      return Cause.EXPIRED;
    }
    boolean fewer = Changes.pruned(user, now, times).devices().size() < user.devices().size();
    return fewer ? Cause.DISCONNECTED : Cause.IDLE;
  }

  /** What others will see of a record when a connection is known that is about to be. */
  static UserStatus awaited(
      String id,
      UserRecord user,
      SocketId socket,
      UserDetails details,
      Instant now,
      StatusTimes times) {
    UserRecord before = Changes.pruned(user, now, times);
    String node =
        before.devices().stream()
            .filter(device -> device.socket().equals(socket))
            .map(Device::node)
            .findFirst()
            .orElse("");
    UserRecord after =
        Changes.subscribed(
            Arrivals.connected(before, node, socket, details, now), node, socket, now);
    View view = EffectiveStatus.of(after, now, times).others();
    Shown shown = after.shown();
    return status(
        id,
        after,
        view,
        view.status() == Status.OFFLINE ? shown.lastActive() : after.lastActive(),
        view.status() == shown.others().status() ? shown.since() : now);
  }

  /** What others see of a record. */
  static UserStatus others(String id, UserRecord user) {
    Shown shown = user.shown();
    boolean hidden = shown.others().status() == Status.OFFLINE;
    Instant lastActive = hidden ? shown.lastActive() : user.lastActive();
    return status(id, user, shown.others(), lastActive, shown.since());
  }

  /** What the user sees of it. */
  static UserStatus own(String id, UserRecord user) {
    Shown shown = user.shown();
    return status(id, user, shown.own(), user.lastActive(), shown.ownSince());
  }

  private static UserStatus status(
      String id, UserRecord user, View view, @Nullable Instant lastActive, Instant since) {
    return new UserStatus(
        id,
        user.profile(),
        view.status(),
        view.message(),
        lastActive,
        since,
        view.expiresAt(),
        view.devices(),
        user.location() == null ? null : view.location(), // one that is over is not told any more
        user.shown().version());
  }
}
