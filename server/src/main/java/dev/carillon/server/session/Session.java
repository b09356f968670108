package dev.carillon.server.session;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.event.ClientEvent;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.channel.Subscription;
import dev.carillon.server.connection.Connection;
import dev.carillon.server.presence.Presence;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The protocol of one connection, whatever carries it.
 *
 * <p>Confined to its connection's event loop: what the broker or the presence answers later comes
 * back there.
 */
public final class Session implements ClientEvent.Handler {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final int MAX_CHANNELS = 10_000;
  private static final ServerEvent PONG = new ServerEvent.Pong();
  private static final CompletionStage<Presence.Snapshot> NO_MEMBERS =
      CompletableFuture.completedStage(new Presence.Snapshot(List.of(), 0));

  private final Connection connection;
  private final Hub hub;
  private final ChannelAuthorizer authorizer;
  private final ClientMessagePolicy policy;
  private final Map<ChannelName, Subscription> subscriptions = new HashMap<>(2);

  Session(
      Connection connection, Hub hub, ChannelAuthorizer authorizer, ClientMessagePolicy policy) {
    this.connection = connection;
    this.hub = hub;
    this.authorizer = authorizer;
    this.policy = policy;
  }

  /** Tells the client its socket id: the first frame. */
  void open() {
    connection.send(
        new ServerEvent.ConnectionEstablished(
            connection.socketId(), hub.app().activityTimeout().toSeconds()));
  }

  /** Answers a mistake; the connection stays. */
  public void refuse(ProtocolException mistake) {
    hub.metrics().refused(mistake.code().map(code -> code.code()).orElse(0));
    connection.send(ServerEvent.Failure.of(mistake));
  }

  @Override
  public void ping(ClientEvent.Ping event) {
    connection.send(PONG);
  }

  @Override
  public void pong(ClientEvent.Pong event) {
    // It was heard: that is all a pong is for.
  }

  @Override
  public void unknown(ClientEvent.Unknown event) {
    // Newer clients may send what is not known here.
  }

  @Override
  public void subscribe(ClientEvent.Subscribe event) {
    try {
      ChannelName name = hub.app().channel(event.channel());
      Member member = authorizer.authorize(hub.app(), connection.socketId(), name, event);
      Subscription existing = subscriptions.get(name);
      if (existing == null) {
        join(event, name, member);
      } else if (existing.live()) {
        existing.hold();
        settle(event, existing, members(existing));
      }
    } catch (ProtocolException mistake) {
      refuseSubscription(event.channel(), mistake);
    }
  }

  private void join(ClientEvent.Subscribe event, ChannelName name, @Nullable Member member) {
    if (subscriptions.size() == MAX_CHANNELS) {
      throw ProtocolException.limit(
          "Too many channels: this connection has " + MAX_CHANNELS + ", as many as it may");
    }
    Subscription subscription = hub.subscribe(connection, name, member);
    subscriptions.put(subscription.channel().name(), subscription);
    // Members are read when the channel's events already arrive: whoever joins in between is in the
    // list or held back.
    CompletionStage<Presence.Snapshot> joined =
        subscription.channel().ready().thenCompose(ready -> enter(subscription));
    settle(event, subscription, joined);
  }

  private CompletionStage<Presence.Snapshot> enter(Subscription subscription) {
    Member member = subscription.member();
    return member == null
        ? NO_MEMBERS
        : hub.presence()
            .join(
                subscription.channel().topic(),
                connection.socketId(),
                member,
                hub.app().maxPresenceMembers());
  }

  private CompletionStage<Presence.Snapshot> members(Subscription subscription) {
    return subscription.member() == null
        ? NO_MEMBERS
        : hub.presence().members(subscription.channel().topic());
  }

  /** Acknowledges, or refuses, once it is known who is in; on this loop. */
  private void settle(
      ClientEvent.Subscribe event,
      Subscription subscription,
      CompletionStage<Presence.Snapshot> stage) {
    Completions.on(
        connection.loop(),
        stage,
        (snapshot, failure) -> {
          if (subscription.over()) {
            leave(subscription);
          } else if (snapshot != null) {
            acknowledge(subscription, snapshot);
          } else {
            drop(subscription);
            leave(subscription);
            refuseSubscription(event.channel(), mistake(failure));
          }
        });
  }

  private void acknowledge(Subscription subscription, Presence.Snapshot snapshot) {
    ChannelName name = subscription.channel().name();
    ServerEvent acknowledgement =
        subscription.member() == null
            ? new ServerEvent.SubscriptionSucceeded(name)
            : new ServerEvent.PresenceSucceeded(name, snapshot.members());
    subscription.acknowledge(acknowledgement, snapshot.sequence());
  }

  private static ProtocolException mistake(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ProtocolException mistake) {
      return mistake;
    }
    LOG.error("Subscribing failed", cause);
    return ProtocolException.invalid("Internal error");
  }

  private void refuseSubscription(String channel, ProtocolException mistake) {
    // The Java client would try to decrypt any frame of an encrypted channel: it gets the error
    // alone.
    if (!channel.startsWith("private-encrypted-")) {
      connection.send(
          new ServerEvent.SubscriptionError(
              channel, mistake.kind().type(), mistake.text(), mistake.kind().status()));
    }
    refuse(mistake);
  }

  @Override
  public void unsubscribe(ClientEvent.Unsubscribe event) {
    Subscription subscription = subscription(event.channel());
    if (subscription != null) {
      if (subscription.live()) {
        leave(subscription);
      }
      drop(subscription);
    }
  }

  /** By the name as it came: one that is not valid has no subscription. */
  private @Nullable Subscription subscription(String channel) {
    for (Subscription subscription : subscriptions.values()) {
      if (subscription.channel().name().value().equals(channel)) {
        return subscription;
      }
    }
    return null;
  }

  @Override
  public void clientMessage(ClientEvent.ClientMessage event) {
    try {
      ChannelName name = hub.app().channel(event.channel());
      Subscription subscription = subscriptions.get(name);
      boolean subscribed = subscription != null && subscription.live();
      policy.check(event, name, subscribed);
      Member member = subscription == null ? null : subscription.member();
      UserId sender = member == null ? null : member.userId();
      hub.metrics().eventByClient();
      hub.webhooks().clientEvent(name, event.event(), event.data(), connection.socketId(), sender);
      hub.publish(
          name,
          new ServerEvent.ClientMessage(name, event.event(), event.data(), sender),
          connection.socketId());
    } catch (ProtocolException mistake) {
      refuse(mistake);
    }
  }

  /** Leaves all channels: the connection has ended. */
  public void closed() {
    for (Subscription subscription : subscriptions.values()) {
      if (subscription.live()) {
        leave(subscription);
      }
      hub.unsubscribe(connection, subscription);
    }
    subscriptions.clear();
    hub.disconnect();
  }

  private void drop(Subscription subscription) {
    subscriptions.remove(subscription.channel().name());
    hub.unsubscribe(connection, subscription);
  }

  private void leave(Subscription subscription) {
    Member member = subscription.member();
    if (member != null) {
      hub.presence().leave(subscription.channel().topic(), connection.socketId(), member.userId());
    }
  }
}
