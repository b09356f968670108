package dev.carillon.server.session;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.UserDetails;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.status.Statuses;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who a connection is known to be, by its sign-in and by its presence channels: it is a device of
 * each of these users, nearly always of one. Where users have no status, nobody is known.
 *
 * <p>Confined to the connection's event loop.
 */
final class KnownUsers {
  /** Why a user is known, and what of the user's activity is not written yet. */
  private static final class Known {
    private final UserId user;
    private final Set<String> reasons = new HashSet<>(2);
    private long writtenAt;
    private boolean unwritten;

    private Known(UserId user) {
      this.user = user;
    }
  }

  private static final String SIGN_IN = "";

  private final Hub hub;
  private final Statuses statuses;
  private final SocketId socket;
  private final LongSupplier nanoTime;
  private final long writesNanos;
  private final List<Known> users = new ArrayList<>(1);

  KnownUsers(Hub hub, SocketId socket, LongSupplier nanoTime) {
    this.hub = hub;
    this.statuses = hub.statuses();
    this.socket = socket;
    this.nanoTime = nanoTime;
    this.writesNanos = statuses.times().activityWrites().toNanos();
  }

  /** The first who is known, and still is. */
  Optional<UserId> first() {
    return users.isEmpty() ? Optional.empty() : Optional.of(users.get(0).user);
  }

  private @Nullable Known find(UserId user) {
    for (int i = 0; i < users.size(); i++) {
      Known known = users.get(i);
      if (known.user.equals(user)) {
        return known;
      }
    }
    return null;
  }

  void signedIn(UserId user, @Nullable RawJson userInfo) {
    become(user, SIGN_IN);
    statuses.connected(user, socket, UserDetails.of(userInfo));
  }

  void signedOut(UserId user) {
    Known known = find(user);
    if (known != null && known.reasons.remove(SIGN_IN) && known.reasons.isEmpty()) {
      users.remove(known);
      statuses.disconnected(user, socket);
    }
  }

  /** Subscribed to a channel; to one of presence as that member. */
  void subscribed(@Nullable Member member, ChannelName channel) {
    UserId joined = member == null ? null : member.userId();
    for (int i = 0; i < users.size(); i++) {
      UserId user = users.get(i).user;
      if (!user.equals(joined)) {
        statuses.subscribed(user, socket);
      }
    }
    if (member != null) {
      boolean known = become(member.userId(), channel.value());
      hub.rosters().joined(channel, member, socket, known);
    }
  }

  void left(Member member, ChannelName presence) {
    UserId user = member.userId();
    Known known = find(user);
    if (known != null && known.reasons.remove(presence.value())) {
      if (known.reasons.isEmpty()) {
        users.remove(known);
        statuses.disconnected(user, socket);
      } else {
        statuses.unsubscribed(user, socket, presence);
      }
    }
  }

  /**
   * Whether it was known before to be a device of that user. What is done first on one that is new
   * is written at once: it may be one that is back and was away.
   */
  private boolean become(UserId user, String reason) {
    Known known = find(user);
    boolean before = known != null;
    if (known == null) {
      known = new Known(user);
      known.writtenAt = nanoTime.getAsLong() - writesNanos;
      users.add(known);
    }
    known.reasons.add(reason);
    return before;
  }

  /** Something was done; that is written now and then. Called for each client event. */
  void active() {
    for (int i = 0; i < users.size(); i++) {
      Known known = users.get(i);
      known.unwritten = true;
      write(known);
    }
  }

  /** Somebody is there, says the client. */
  void activeNow() {
    for (Known known : users) {
      writeNow(known);
    }
  }

  /** What the first of them does now is written by who calls. */
  void wrote() {
    if (!users.isEmpty()) {
      wrote(users.get(0));
    }
  }

  /** Writes what has waited long enough; called once a second. */
  void tick() {
    for (int i = 0; i < users.size(); i++) {
      write(users.get(i));
    }
  }

  private void write(Known known) {
    if (known.unwritten && nanoTime.getAsLong() - known.writtenAt >= writesNanos) {
      writeNow(known);
    }
  }

  private void wrote(Known known) {
    known.unwritten = false;
    known.writtenAt = nanoTime.getAsLong();
  }

  private void writeNow(Known known) {
    wrote(known);
    statuses.active(known.user, socket);
  }

  /** The connection has ended. */
  void closed() {
    for (Known known : users) {
      statuses.disconnected(known.user, socket);
    }
    users.clear();
  }
}
