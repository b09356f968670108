package dev.carillon.server.status;

import dev.carillon.protocol.status.Cause;
import dev.carillon.protocol.status.Status;
import dev.carillon.protocol.status.StatusUpdate;
import dev.carillon.protocol.status.UserStatus;
import dev.carillon.server.status.Shown.Source;
import java.time.Instant;
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
   * Looks at a record.
   *
   * @param cause {@link Cause#MANUAL} is told at once
   */
  static Telling of(String id, UserRecord user, Cause cause, Instant now, StatusTimes times) {
    UserRecord pruned = Changes.pruned(user, now, times);
    EffectiveStatus status = EffectiveStatus.of(pruned, now, times);
    Shown shown = pruned.shown();
    boolean othersChanged = !status.others().equals(shown.others());
    boolean ownChanged = !status.own().equals(shown.own());
    if (!othersChanged && !ownChanged) {
      return new Telling(quiet(pruned, status), null, null);
    }
    Pending pending = pruned.pending();
    boolean due = pending != null && !now.isBefore(pending.at());
    if (cause != Cause.MANUAL && !due && !times.coalesce().isZero()) {
      Instant at = pending == null ? now.plus(times.coalesce()) : pending.at();
      return new Telling(pruned.withPending(new Pending(at, cause)), null, null);
    }
    UserRecord told = pruned.told(next(pruned, status, othersChanged, now));
    // What was pending is told for its own cause, unless somebody has said something meanwhile.
    Cause why = pending != null && cause != Cause.MANUAL ? pending.cause() : cause;
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
  static Cause byTime(UserRecord user, Instant now, StatusTimes times) {
    Source before = user.shown().source();
    if (user.choice() != null && !user.choice().stands(now)) {
      return Cause.EXPIRED;
    }
    EffectiveStatus status = EffectiveStatus.of(user, now, times);
    boolean scheduled = status.source() == Source.SCHEDULE || before == Source.SCHEDULE;
    if (scheduled
        && !status.own().equals(user.shown().own())
        && status.source() != Source.NOWHERE) {
      return Cause.SCHEDULE;
    }
    if (user.location() != null && !now.isBefore(user.location().expiresAt())) {
      return Cause.EXPIRED;
    }
    boolean fewer =
        Changes.pruned(user, now, times).devices().size() < user.devices().size()
            || status.source() == Source.NOWHERE;
    return fewer ? Cause.DISCONNECTED : Cause.IDLE;
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
        view.location(),
        user.shown().version());
  }
}
