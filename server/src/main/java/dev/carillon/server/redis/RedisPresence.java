package dev.carillon.server.redis;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.MemberStatus;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.presence.MemberListener;
import dev.carillon.server.presence.Presence;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The member lists of a cluster. A node counts the connections of a user that it has itself; Redis
 * counts the nodes, and so decides who is first and who is last.
 *
 * <p>Thread-safe. The map entry of a topic is its lock: what is decided under it is sent in the
 * same order.
 */
final class RedisPresence implements Presence, Entries {
  /** A user on this node: what the first connection said, the latest status, all connections. */
  private record Held(Member member, Set<SocketId> sockets) {}

  /** A member changes only with who was in first: that is seldom, and not twice at that moment. */
  private static final int ATTEMPTS = 5;

  private final ConcurrentMap<Topic, Map<UserId, Held>> held = new ConcurrentHashMap<>();
  private final RedisNode node;
  private final PresenceCommands commands;
  private final MemberListener listener;

  RedisPresence(RedisNode node, MemberListener listener) {
    this.node = node;
    this.commands = new PresenceCommands(node);
    this.listener = listener;
  }

  @Override
  public CompletionStage<Snapshot> join(
      Topic topic, SocketId socket, Member member, int maxMembers) {
    CompletableFuture<Snapshot> joined = new CompletableFuture<>();
    held.compute(
        topic,
        (t, existing) -> {
          Map<UserId, Held> users = existing == null ? new HashMap<>() : existing;
          Held user =
              users.computeIfAbsent(member.userId(), id -> new Held(member, new HashSet<>(2)));
          user.sockets.add(socket);
          enter(t, user.member, socket, maxMembers, joined);
          return users;
        });
    return joined;
  }

  /** Under the topic's entry. */
  private void enter(
      Topic topic,
      Member member,
      SocketId socket,
      int maxMembers,
      CompletableFuture<Snapshot> joined) {
    node.commands()
        .keep(commands.join(topic, member, socket, maxMembers, false))
        .whenComplete(
            (answer, failure) -> {
              if (LifeEndedException.is(failure)) {
                again(topic, member, socket, maxMembers, joined);
              } else if (failure != null) {
                joined.completeExceptionally(failure);
              } else {
                entered(topic, member, socket, (List<?>) answer, maxMembers, joined);
              }
            });
  }

  /**
   * All entries are put back, this one too, but whoever waits for it has to be told the members.
   */
  private void again(
      Topic topic,
      Member member,
      SocketId socket,
      int maxMembers,
      CompletableFuture<Snapshot> joined) {
    held.compute(
        topic,
        (t, users) -> {
          Held user = users == null ? null : users.get(member.userId());
          if (user != null && user.sockets.contains(socket)) {
            enter(t, user.member, socket, maxMembers, joined);
          } else {
            joined.complete(new Snapshot(List.of(), 0)); // has left, nobody looks at it
          }
          return users;
        });
  }

  private void entered(
      Topic topic,
      Member member,
      SocketId socket,
      List<?> answer,
      int maxMembers,
      CompletableFuture<Snapshot> joined) {
    long outcome = (Long) answer.get(0);
    if (outcome < 0) {
      drop(topic, member.userId(), socket);
      joined.completeExceptionally(
          ProtocolException.limit(
              "The channel is full: "
                  + answer.get(1)
                  + " members are in, allowed are "
                  + maxMembers));
      return;
    }
    if (outcome > 0) {
      listener.memberAdded(topic, member.userId());
    }
    joined.complete(Members.snapshot(answer.get(1), answer.get(2), answer.get(3)));
  }

  /** Takes a connection out of what this node has; whether it was the user's last here. */
  private @Nullable Member drop(Topic topic, UserId id, SocketId socket) {
    Member[] last = new Member[1];
    held.computeIfPresent(
        topic,
        (t, users) -> {
          Held user = users.get(id);
          if (user != null && user.sockets.remove(socket) && user.sockets.isEmpty()) {
            users.remove(id);
            last[0] = user.member;
          }
          return users.isEmpty() ? null : users;
        });
    return last[0];
  }

  @Override
  public void leave(Topic topic, SocketId socket, UserId id) {
    held.computeIfPresent(
        topic,
        (t, users) -> {
          Held user = users.get(id);
          if (user == null || !user.sockets.remove(socket) || !user.sockets.isEmpty()) {
            return users;
          }
          users.remove(id);
          boolean emptied = users.isEmpty();
          node.commands()
              .keep(commands.leave(t, user.member.userId(), null))
              .thenAccept(
                  last -> {
                    left(t, id, last);
                    if (emptied) {
                      node.index().emptied(t);
                    }
                  });
          return users.isEmpty() ? null : users;
        });
  }

  private void left(Topic topic, UserId id, Object last) {
    if ((Long) last == 1) {
      listener.memberRemoved(topic, id);
    }
  }

  @Override
  public void update(Topic topic, UserId user, MemberStatus status) {
    Member[] here = {new Member(user, null)};
    held.computeIfPresent(
        topic,
        (t, users) -> {
          Held known = users.get(user);
          if (known != null) {
            here[0] = known.member;
            if (status.isNewerThan(known.member.status())) {
              users.put(user, new Held(known.member.with(status), known.sockets));
            }
          }
          return users;
        });
    update(topic, here[0], status, ATTEMPTS);
  }

  /** The user's first connection may have been on another node, and have said something else. */
  private void update(Topic topic, Member believed, MemberStatus status, int attempts) {
    node.commands()
        .keep(commands.update(topic, believed, status))
        .thenAccept(
            answer -> {
              byte[] member = (byte[]) answer;
              if (member.length > 0 && attempts > 1) {
                Member there = Members.member(believed.userId(), member);
                update(topic, there, status, attempts - 1);
              }
            });
  }

  @Override
  public void restore(boolean silently) {
    for (Topic topic : held.keySet()) {
      held.computeIfPresent(
          topic,
          (t, users) -> {
            users.values().forEach(user -> restore(t, user, silently));
            return users;
          });
    }
  }

  private void restore(Topic topic, Held user, boolean silently) {
    node.commands()
        .keep(commands.join(topic, user.member, user.sockets.iterator().next(), 0, silently))
        .thenAccept(
            answer -> {
              if ((Long) ((List<?>) answer).get(0) > 0 && !silently) {
                listener.memberAdded(topic, user.member.userId());
              }
            });
  }

  @Override
  public boolean has(Topic topic) {
    return held.containsKey(topic);
  }

  @Override
  public CompletionStage<Void> evict(String deadNode, String appId, @Nullable ChannelName channel) {
    return channel == null || channel.type() != ChannelType.PRESENCE
        ? CompletableFuture.completedStage(null)
        : evict(deadNode, new Topic(appId, channel));
  }

  private CompletionStage<Void> evict(String deadNode, Topic topic) {
    byte[] theirs = node.keys().of(topic, "held", deadNode);
    return node.commands()
        .submit((pipeline, again) -> pipeline.hkeys(theirs))
        .thenCompose(
            users ->
                CompletableFuture.allOf(
                    users.stream()
                        .map(
                            user -> evict(deadNode, topic, new UserId(NodeLease.text(user), false)))
                        .toArray(CompletableFuture[]::new)));
  }

  private CompletableFuture<Void> evict(String deadNode, Topic topic, UserId id) {
    return node.commands()
        .submit(commands.leave(topic, id, deadNode))
        .thenAccept(last -> left(topic, id, last))
        .toCompletableFuture();
  }

  @Override
  public CompletionStage<Snapshot> members(Topic topic) {
    return node.commands()
        .submit(commands.members(topic))
        .thenApply(answer -> (List<?>) answer)
        .thenApply(answer -> Members.snapshot(answer.get(0), answer.get(1), answer.get(2)));
  }
}
