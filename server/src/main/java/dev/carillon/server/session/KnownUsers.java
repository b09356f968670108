package dev.carillon.server.session;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.UserDetails;
import dev.carillon.protocol.event.UserId;
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
 * each of these users, nearly always of one.
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
    become(user, userInfo, SIGN_IN);
  }

  void signedOut(UserId user) {
    cease(user, SIGN_IN);
  }

  void joined(Member member, ChannelName presence) {
    become(member.userId(), member.userInfo(), presence.value());
    statuses.subscribed(member.userId(), socket, presence);
  }

  void left(Member member, ChannelName presence) {
    if (users.containsKey(member.userId())) {
      statuses.unsubscribed(member.userId(), socket, presence);
      cease(member.userId(), presence.value());
    }
  }

  private void become(UserId user, @Nullable RawJson userInfo, String reason) {
    Known known = users.computeIfAbsent(user, id -> new Known());
    known.reasons.add(reason);
    known.writtenAt = nanoTime.getAsLong();
    statuses.connected(user, socket, UserDetails.of(userInfo));
  }

  private void cease(UserId user, String reason) {
    Known known = users.get(user);
    if (known != null && known.reasons.remove(reason) && known.reasons.isEmpty()) {
      users.remove(user);
      statuses.disconnected(user, socket);
    }
  }

  /** Subscribed to a channel in which it is nobody. */
  void subscribed() {
    users.keySet().forEach(user -> statuses.subscribed(user, socket, null));
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
    known.unwritten = false;
    known.writtenAt = nanoTime.getAsLong();
    statuses.active(user, socket);
  }

  /** The connection has ended. */
  void closed() {
    users.keySet().forEach(user -> statuses.disconnected(user, socket));
    users.clear();
  }
}
