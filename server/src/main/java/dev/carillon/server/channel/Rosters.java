package dev.carillon.server.channel;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.MemberStatus;
import dev.carillon.protocol.event.UserDetails;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.StatusUpdate;
import dev.carillon.protocol.status.UserStatus;
import dev.carillon.server.app.App;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.presence.Presence;
import dev.carillon.server.status.StatusStore;
import dev.carillon.server.status.Statuses;
import dev.carillon.server.status.UserRecord;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * How the members of one app's presence channels are, told with the member lists where the app
 * wants that.
 *
 * <p>A member joins with the status of that moment; the user's record says from then on that the
 * user is in the channel, so that each later status is told there. Whatever was told in between is
 * found in that record: nothing is missed, and what comes twice is not newer.
 *
 * <p>Thread-safe.
 */
public final class Rosters {
  private final App app;
  private final Presence presence;
  private final Statuses statuses;

  Rosters(App app, Presence presence, Statuses statuses) {
    this.app = app;
    this.presence = presence;
    this.statuses = statuses;
  }

  private boolean carryStatus() {
    return statuses.enabled() && app.status().inRosters();
  }

  /** Who is about to join a channel, with what others will see of the user. */
  public CompletionStage<Member> entering(Member member, SocketId socket) {
    return carryStatus()
        ? statuses
            .awaited(member.userId(), socket, UserDetails.of(member.userInfo()))
            .thenApply(status -> member.with(MemberStatus.of(status)))
        : CompletableFuture.completedStage(member);
  }

  /**
   * A connection is in a channel as that member.
   *
   * @param known whether it was known before to be a device of the user
   */
  public void joined(ChannelName channel, Member member, SocketId socket, boolean known) {
    UserId user = member.userId();
    statuses
        .joined(user, socket, UserDetails.of(member.userInfo()), channel, known)
        .thenAccept(
            kept ->
                kept.filter(record -> carryStatus())
                    .ifPresent(
                        record -> tell(List.of(channel), user, statuses.seen(user, record))));
  }

  /** Others are about to be told how a user is. */
  void updated(StatusStore.Changed changed) {
    UserRecord user = changed.after();
    StatusUpdate update = changed.update();
    if (user != null && update != null && carryStatus()) {
      tell(user.presenceChannels(), new UserId(update.now().userId(), false), update.now());
    }
  }

  private void tell(Iterable<ChannelName> channels, UserId user, UserStatus status) {
    MemberStatus news = MemberStatus.of(status);
    channels.forEach(channel -> presence.update(new Topic(app.id(), channel), user, news));
  }
}
