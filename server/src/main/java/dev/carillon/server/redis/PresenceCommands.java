package dev.carillon.server.redis;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.MemberStatus;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * What is sent to Redis for member lists: the scripts, their keys, and what they publish.
 *
 * <p>Thread-safe; the commands are of one use.
 */
final class PresenceCommands {
  private static final Script JOIN = Script.load("join.lua");
  private static final Script LEAVE = Script.load("leave.lua");
  private static final Script UPDATE = Script.load("update.lua");
  private static final Script MEMBERS = Script.load("members.lua");

  private final RedisNode node;

  PresenceCommands(RedisNode node) {
    this.node = node;
  }

  private List<byte[]> keys(Topic topic, String holder) {
    RedisKeys keys = node.keys();
    return List.of(
        keys.of(topic, "members"),
        keys.of(topic, "holders"),
        keys.of(topic, "held", holder),
        keys.of(topic, "left", holder),
        keys.of(topic, "sequence"),
        RedisKeys.bytes(keys.channel(topic)),
        keys.userCounts(topic),
        keys.of(topic, "how"));
  }

  /** What is published, without its sequence. */
  private byte[] envelope(ServerEvent change, @Nullable SocketId except) {
    return EnvelopeCodec.tail(
        Envelope.change(change.toBytes(), except, 0), node.origin(), 0, false);
  }

  private byte[] removed(Topic topic, UserId user) {
    return envelope(new ServerEvent.MemberRemoved(topic.channel(), user), null);
  }

  /** A user's first connection on this node joins. */
  Command<Object> join(
      Topic topic, Member member, SocketId socket, int maxMembers, boolean silently) {
    return new Join(topic, member, socket, maxMembers, silently);
  }

  /**
   * A user's last connection on a node leaves. Nobody is left out of those who are told: the
   * connection may be in again, as somebody else, and have been given a list with the user.
   *
   * @param deadNode null for this node
   */
  Command<Object> leave(Topic topic, UserId user, @Nullable String deadNode) {
    return new Leave(topic, user, deadNode);
  }

  /**
   * Tells how a user is, if the user is in the channel as the member that is given, and that is
   * newer; answers with the member there is if it is another.
   */
  Command<Object> update(Topic topic, Member member, MemberStatus status) {
    RedisKeys keys = node.keys();
    List<byte[]> all =
        List.of(
            keys.of(topic, "members"),
            keys.of(topic, "how"),
            keys.of(topic, "sequence"),
            RedisKeys.bytes(keys.channel(topic)));
    Member news = member.with(status);
    List<byte[]> arguments =
        NodeLease.arguments(
            member.userId().value(),
            Members.bytes(member),
            Members.status(status),
            status.seen(),
            node.pubSub().verb(),
            news.showsStatus()
                ? envelope(new ServerEvent.MemberAdded(topic.channel(), news), null)
                : "");
    return (pipeline, again) -> UPDATE.on(pipeline, all, arguments);
  }

  /** Who is in, and the sequence of the last change. */
  Command<Object> members(Topic topic) {
    List<byte[]> keys =
        List.of(
            node.keys().of(topic, "members"),
            node.keys().of(topic, "sequence"),
            node.keys().of(topic, "how"));
    return (pipeline, again) -> MEMBERS.on(pipeline, keys, List.of());
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
              added,
              topic.channel(),
              Members.status(member.status())));
    }
  }

  private final class Leave implements Command<Object> {
    private final Topic topic;
    private final UserId user;
    private final @Nullable String deadNode;
    private final long operation = node.nextOperation();
    private final byte[] removed;
    private final byte[] removedNumber;

    Leave(Topic topic, UserId user, @Nullable String deadNode) {
      this.topic = topic;
      this.user = user;
      this.deadNode = deadNode;
      this.removed = removed(topic, new UserId(user.value(), false));
      this.removedNumber =
          Members.mayBeNumber(user) ? removed(topic, new UserId(user.value(), true)) : removed;
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
              removedNumber,
              topic.channel()));
    }
  }
}
