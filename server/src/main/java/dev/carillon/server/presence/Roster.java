package dev.carillon.server.presence;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.MemberStatus;
import dev.carillon.protocol.event.UserId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The users of one presence channel and their connections.
 *
 * <p>Guarded by its map entry in {@link LocalPresence}; the size alone may be read by anybody.
 */
final class Roster {
  /** A user who is in: what the first connection said, the latest status, and all connections. */
  private record Entry(Member member, Set<SocketId> sockets) {}

  private final Map<UserId, Entry> entries = new LinkedHashMap<>();
  private volatile int size;
  private long sequence;

  /** Whether that user cannot come in any more. */
  boolean isFull(UserId user, int maxMembers) {
    return entries.size() >= maxMembers && !entries.containsKey(user);
  }

  /** Adds a connection; whether it is the user's first. */
  boolean add(SocketId socket, Member member) {
    Entry entry = entries.get(member.userId());
    if (entry != null) {
      entry.sockets.add(socket);
      return false;
    }
    Set<SocketId> sockets = new HashSet<>();
    sockets.add(socket);
    entries.put(member.userId(), new Entry(member, sockets));
    size = entries.size();
    return true;
  }

  /** Takes a connection out; who has left by that, if it was the user's last. */
  @Nullable Member remove(SocketId socket, UserId user) {
    Entry entry = entries.get(user);
    if (entry == null || !entry.sockets.remove(socket) || !entry.sockets.isEmpty()) {
      return null;
    }
    entries.remove(user);
    size = entries.size();
    return entry.member;
  }

  /** Takes a later status of a user; the member if that is news to others. */
  @Nullable Member update(UserId user, MemberStatus status) {
    Entry entry = entries.get(user);
    if (entry == null || !status.isNewerThan(entry.member.status())) {
      return null;
    }
    Member member = entry.member.with(status);
    entries.put(user, new Entry(member, entry.sockets));
    return member.showsStatus() && !status.looksLike(entry.member.status()) ? member : null;
  }

  Presence.Snapshot snapshot() {
    List<Member> members = new ArrayList<>(entries.size());
    entries.values().forEach(entry -> members.add(entry.member));
    return new Presence.Snapshot(members, sequence);
  }

  long nextSequence() {
    return ++sequence;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  int size() {
    return size;
  }
}
