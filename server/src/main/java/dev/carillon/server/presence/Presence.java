package dev.carillon.server.presence;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.MemberStatus;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Topic;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Who is in the presence channels. A change and its publication are one step: the first connection
 * of a user publishes {@code member_added}, the last one {@code member_removed}, each with the
 * channel's next sequence number; so does a change of a member's status.
 *
 * <p>Thread-safe.
 */
public interface Presence {
  /**
   * What a joiner is told.
   *
   * @param members each user once, with the info that the user's first connection gave, and the
   *     latest status
   * @param sequence of the last change that the members contain
   */
  record Snapshot(List<Member> members, long sequence) {
    /** Defensive copy. */
    public Snapshot {
      members = List.copyOf(members);
    }
  }

  /**
   * Adds a connection of a user.
   *
   * @param maxMembers how many users may be in; 0 for no limit. A user who is in may always add
   *     connections
   * @return completes with the members, or exceptionally with a {@link
   *     dev.carillon.protocol.ProtocolException} if the channel is full
   */
  CompletionStage<Snapshot> join(Topic topic, SocketId socket, Member member, int maxMembers);

  /** Takes a connection of a user out. */
  void leave(Topic topic, SocketId socket, UserId user);

  /**
   * Says how a user is who may be in that channel. If that is newer than what the members tell, it
   * takes its place; if it also looks otherwise, all are told by {@code member_added}, which
   * clients take as news of a member they have.
   */
  void update(Topic topic, UserId user, MemberStatus status);

  /** Who is in that channel. */
  CompletionStage<Snapshot> members(Topic topic);
}
