package dev.carillon.server.presence;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.MemberStatus;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The member lists of a single node. The map entry of a channel is its lock: what is decided under
 * it is published under it.
 *
 * <p>Thread-safe.
 */
public final class LocalPresence implements Presence {
  private final ConcurrentMap<Topic, Roster> rosters = new ConcurrentHashMap<>();
  private final Broker broker;
  private final MemberListener listener;

  public LocalPresence(Broker broker, MemberListener listener) {
    this.broker = broker;
    this.listener = listener;
  }

  @Override
  public CompletionStage<Snapshot> join(
      Topic topic, SocketId socket, Member member, int maxMembers) {
    CompletableFuture<Snapshot> joined = new CompletableFuture<>();
    rosters.compute(
        topic,
        (t, existing) -> {
          Roster roster = existing == null ? new Roster() : existing;
          if (maxMembers > 0 && roster.isFull(member.userId(), maxMembers)) {
            joined.completeExceptionally(
                ProtocolException.limit(
                    "The channel is full: "
                        + maxMembers
                        + " members are in, allowed are "
                        + maxMembers));
            return existing;
          }
          if (roster.add(socket, member)) {
            listener.memberAdded(t, member.userId());
            publish(t, new ServerEvent.MemberAdded(t.channel(), member), socket, roster);
          }
          joined.complete(roster.snapshot());
          return roster;
        });
    return joined;
  }

  @Override
  public void leave(Topic topic, SocketId socket, UserId user) {
    rosters.computeIfPresent(
        topic,
        (t, roster) -> {
          Member gone = roster.remove(socket, user);
          if (gone != null) {
            listener.memberRemoved(t, gone.userId());
            publish(t, new ServerEvent.MemberRemoved(t.channel(), gone.userId()), socket, roster);
          }
          return roster.isEmpty() ? null : roster;
        });
  }

  @Override
  public void update(Topic topic, UserId user, MemberStatus status) {
    rosters.computeIfPresent(
        topic,
        (t, roster) -> {
          Member news = roster.update(user, status);
          if (news != null) {
            publish(t, new ServerEvent.MemberAdded(t.channel(), news), null, roster);
          }
          return roster;
        });
  }

  private void publish(Topic topic, ServerEvent change, @Nullable SocketId except, Roster roster) {
    broker.publish(topic, Envelope.change(change.toBytes(), except, roster.nextSequence()));
  }

  @Override
  public CompletionStage<Snapshot> members(Topic topic) {
    CompletableFuture<Snapshot> members = new CompletableFuture<>();
    rosters.computeIfPresent(
        topic,
        (t, roster) -> {
          members.complete(roster.snapshot());
          return roster;
        });
    members.complete(new Snapshot(List.of(), 0));
    return members;
  }

  /** How many users are in that channel. */
  public int count(Topic topic) {
    Roster roster = rosters.get(topic);
    return roster == null ? 0 : roster.size();
  }
}
