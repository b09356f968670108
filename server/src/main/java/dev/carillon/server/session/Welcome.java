package dev.carillon.server.session;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.server.cache.CachedEvent;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.channel.Channel;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.channel.Position;
import dev.carillon.server.channel.Subscription;
import dev.carillon.server.presence.Presence;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber is told when its subscription is acknowledged.
 *
 * <p>Immutable.
 *
 * @param members of a presence channel; none elsewhere
 * @param last what a cache channel keeps; {@code null} elsewhere, and for who has had it
 */
record Welcome(Presence.Snapshot members, ChannelCache.@Nullable Last last) {
  private static final Presence.Snapshot NO_MEMBERS = new Presence.Snapshot(List.of(), 0);
  private static final CompletionStage<Welcome> PLAIN =
      CompletableFuture.completedStage(new Welcome(NO_MEMBERS, null));

  /**
   * Lets a subscription in. The channel's members and its last event are read when what is
   * published already arrives: whatever comes in between is in there or held back. It is told when
   * whoever asks for the channel's subscribers is told of this one too.
   */
  static CompletionStage<Welcome> to(Hub hub, SocketId socket, Subscription subscription) {
    Channel channel = subscription.channel();
    CompletionStage<Welcome> welcome =
        whenCounted(
            subscription,
            subscription.ready().thenCompose(ready -> enter(hub, socket, subscription)));
    return channel.name().isCache()
        ? welcome.thenCompose(
            in ->
                hub.cache().last(channel.topic()).thenApply(last -> new Welcome(in.members, last)))
        : welcome;
  }

  private static CompletionStage<Welcome> whenCounted(
      Subscription subscription, CompletionStage<Welcome> welcome) {
    CompletableFuture<Void> counted = subscription.counted().toCompletableFuture();
    boolean already = counted.isDone() && !counted.isCompletedExceptionally();
    return already ? welcome : welcome.thenCombine(counted, (in, none) -> in);
  }

  private static CompletionStage<Welcome> enter(
      Hub hub, SocketId socket, Subscription subscription) {
    Member member = subscription.member();
    return member == null
        ? PLAIN
        : hub.rosters()
            .entering(member, socket)
            .thenCompose(
                entering ->
                    hub.presence()
                        .join(
                            subscription.channel().topic(),
                            socket,
                            entering,
                            hub.app().maxPresenceMembers()))
            .thenApply(members -> new Welcome(members, null));
  }

  /** For who is in already, and so has had the last event. */
  static CompletionStage<Welcome> again(Hub hub, Subscription subscription) {
    return subscription.member() == null
        ? PLAIN
        : hub.presence()
            .members(subscription.channel().topic())
            .thenApply(members -> new Welcome(members, null));
  }

  /** Tells it; on the subscriber's loop. */
  void acknowledge(Hub hub, Subscription subscription) {
    ChannelName name = subscription.channel().name();
    ServerEvent acknowledgement =
        subscription.member() == null
            ? new ServerEvent.SubscriptionSucceeded(name)
            : new ServerEvent.PresenceSucceeded(name, members.members());
    if (last != null && last.event() == null) {
      hub.cacheMissed(subscription.channel());
    }
    subscription.acknowledge(acknowledgement, position(subscription), next(name));
    hub.doNotDisturb().maybeDue(subscription.channel());
  }

  private Position position(Subscription subscription) {
    long event = last == null ? subscription.position().event() : last.sequence();
    return members.sequence() == 0 && event == 0
        ? Position.START
        : new Position(members.sequence(), event);
  }

  private byte @Nullable [] next(ChannelName name) {
    if (last == null) {
      return null;
    }
    CachedEvent event = last.event();
    return event == null ? new ServerEvent.CacheMiss(name).toBytes() : event.message();
  }
}
