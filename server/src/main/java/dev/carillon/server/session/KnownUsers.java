package dev.carillon.server.session;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.UserDetails;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.Cause;
import dev.carillon.server.status.Statuses;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
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
    private final Set<String> reasons = new HashSet<>(2);
    private long writtenAt;
    private boolean unwritten;
  }

  private static final String SIGN_IN = "";

  private final Statuses statuses;
  private final SocketId socket;
  private final LongSupplier nanoTime;
  private final Map<UserId, Known> users = new LinkedHashMap<>(2);

  KnownUsers(Statuses statuses, SocketId socket, LongSupplier nanoTime) {
    this.statuses = statuses;
    this.socket = socket;
    this.nanoTime = nanoTime;
  }

  /** The first who is known, and still is. */
  Optional<UserId> first() {
    return users.keySet().stream().findFirst();
  }

  void signedIn(UserId user, @Nullable RawJson userInfo) {
    if (statuses.enabled()) {
      become(user, SIGN_IN);
      statuses.connected(user, socket, UserDetails.of(userInfo));
    }
  }

  void signedOut(UserId user) {
    cease(user, SIGN_IN);
  }

  /** Subscribed to a channel; to one of presence as that member. */
  void subscribed(@Nullable Member member, ChannelName channel) {
    for (UserId user : users.keySet()) {
      if (member == null || !user.equals(member.userId())) {
        statuses.subscribed(user, socket);
      }
    }
    if (member != null && statuses.enabled()) {
      boolean news = become(member.userId(), channel.value());
      statuses.joined(
          member.userId(),
          socket,
          UserDetails.of(member.userInfo()),
          channel,
          news ? Cause.CONNECTED : Cause.ACTIVE);
    }
  }

  void left(Member member, ChannelName presence) {
    if (users.containsKey(member.userId())) {
      statuses.unsubscribed(member.userId(), socket, presence);
      cease(member.userId(), presence.value());
    }
  }

  /** Whether that is news. */
  private boolean become(UserId user, String reason) {
    Known known = users.computeIfAbsent(user, id -> new Known());
    boolean news = known.reasons.isEmpty();
    known.reasons.add(reason);
    known.writtenAt = nanoTime.getAsLong();
    return news;
  }

  private void cease(UserId user, String reason) {
    Known known = users.get(user);
    if (known != null && known.reasons.remove(reason) && known.reasons.isEmpty()) {
      users.remove(user);
      statuses.disconnected(user, socket);
    }
  }

  /** Something was done; that is written now and then. */
  void active() {
    users.forEach(
        (user, known) -> {
          known.unwritten = true;
          write(user, known);
        });
  }

  /** Somebody is there, says the client. */
  void activeNow() {
    users.forEach((user, known) -> writeNow(user, known));
  }

  /** What the first of them does now is written by who calls. */
  void wrote() {
    users.values().stream().limit(1).forEach(known -> wrote(known));
  }

  /** Writes what has waited long enough; called once a second. */
  void tick() {
    users.forEach(this::write);
  }

  private void write(UserId user, Known known) {
    if (known.unwritten
        && nanoTime.getAsLong() - known.writtenAt >= statuses.times().activityWrites().toNanos()) {
      writeNow(user, known);
    }
  }

  private void writeNow(UserId user, Known known) {
    wrote(known);
    statuses.active(user, socket);
  }

  private void wrote(Known known) {
    known.unwritten = false;
    known.writtenAt = nanoTime.getAsLong();
  }

  /** The connection has ended. */
  void closed() {
    users.keySet().forEach(user -> statuses.disconnected(user, socket));
    users.clear();
  }
}
