package dev.carillon.server.redis;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Envelope;
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
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * The member lists of a cluster. A node counts the connections of a user that it has itself; Redis
 * counts the nodes, and so decides who is first and who is last.
 *
 * <p>Thread-safe. The map entry of a topic is its lock: what is decided under it is sent in the
 * same order.
 */
final class RedisPresence implements Presence, Entries {
  private static final Script JOIN = Script.load("join.lua");
  private static final Script LEAVE = Script.load("leave.lua");
  private static final Script MEMBERS = Script.load("members.lua");

  /** A user on this node: what the first connection said, and all connections. */
  private record Held(Member member, Set<SocketId> sockets) {}

  private final ConcurrentMap<Topic, Map<UserId, Held>> held = new ConcurrentHashMap<>();
  private final RedisNode node;
  private final MemberListener listener;

  RedisPresence(RedisNode node, MemberListener listener) {
    this.node = node;
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
        .keep(new Join(topic, member, socket, maxMembers, false))
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
    joined.complete(Members.snapshot(answer.get(1), answer.get(2)));
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
              .keep(new Leave(t, user.member.userId(), socket, null))
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
        .keep(new Join(topic, user.member, user.sockets.iterator().next(), 0, silently))
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
        .submit(new Leave(topic, id, null, deadNode))
        .thenAccept(last -> left(topic, id, last))
        .toCompletableFuture();
  }

  @Override
  public CompletionStage<Snapshot> members(Topic topic) {
    List<byte[]> keys =
        List.of(node.keys().of(topic, "members"), node.keys().of(topic, "sequence"));
    return node.commands()
        .submit((pipeline, again) -> MEMBERS.on(pipeline, keys, List.of()))
        .thenApply(
            answer -> Members.snapshot(((List<?>) answer).get(0), ((List<?>) answer).get(1)));
  }

  @Override
  public CompletionStage<Integer> count(Topic topic) {
    byte[] members = node.keys().of(topic, "members");
    return node.commands()
        .submit((pipeline, again) -> pipeline.hlen(members))
        .thenApply(Long::intValue);
  }

  private List<byte[]> keys(Topic topic, String holder) {
    RedisKeys keys = node.keys();
    return List.of(
        keys.of(topic, "members"),
        keys.of(topic, "holders"),
        keys.of(topic, "held", holder),
        keys.of(topic, "left", holder),
        keys.of(topic, "sequence"),
        RedisKeys.bytes(keys.channel(topic)));
  }

  /** What is published, without its sequence. */
  private byte[] envelope(ServerEvent change, @Nullable SocketId except) {
    return EnvelopeCodec.tail(
        Envelope.change(change.toBytes(), except, 0), node.origin(), 0, false);
  }

  private byte[] removed(Topic topic, UserId user, @Nullable SocketId except) {
    return envelope(new ServerEvent.MemberRemoved(topic.channel(), user), except);
  }

  private final class Join implements Command<Object> {
    private final Topic topic;
    private final Member member;
    private final int maxMembers;
    private final boolean silently;
    private final long operation = node.nextOperation();
    private final byte[] added;

    Join(Topic topic, Member member, SocketId socket, int maxMembers, boolean silently) {
      this.topic = topic;
      this.member = member;
      this.maxMembers = maxMembers;
      this.silently = silently;
      this.added = envelope(new ServerEvent.MemberAdded(topic.channel(), member), socket);
    }

    @Override
    public @Nullable Response<?> prepare(AbstractPipeline pipeline) {
      return node.index().add(pipeline, NodeIndex.name(topic));
    }

    @Override
    public Response<Object> send(AbstractPipeline pipeline, boolean again) {
      return JOIN.on(
          pipeline,
          keys(topic, node.id()),
          NodeLease.arguments(
              member.userId().value(),
              Members.bytes(member),
              operation,
              maxMembers,
              silently ? "" : node.pubSub().verb(),
              added));
    }
  }

  private final class Leave implements Command<Object> {
    private final Topic topic;
    private final UserId user;
    private final @Nullable String deadNode;
    private final long operation = node.nextOperation();
    private final byte[] removed;
    private final byte[] removedNumber;

    /**
     * A user leaves a node.
     *
     * @param deadNode null for this node
     */
    Leave(Topic topic, UserId user, @Nullable SocketId socket, @Nullable String deadNode) {
      this.topic = topic;
      this.user = user;
      this.deadNode = deadNode;
      this.removed = removed(topic, new UserId(user.value(), false), socket);
      this.removedNumber =
          Members.mayBeNumber(user)
              ? removed(topic, new UserId(user.value(), true), socket)
              : removed;
    }

    @Override
    public Response<Object> send(AbstractPipeline pipeline, boolean again) {
      return LEAVE.on(
          pipeline,
          keys(topic, deadNode == null ? node.id() : deadNode),
          NodeLease.arguments(
              user.value(),
              (deadNode == null ? operation + "@" : "0@" + operation + "@") + node.origin(),
              node.pubSub().verb(),
              removed,
              removedNumber));
    }
  }
}
