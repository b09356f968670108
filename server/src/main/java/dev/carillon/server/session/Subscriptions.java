package dev.carillon.server.session;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.event.ClientEvent;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.channel.Subscription;
import dev.carillon.server.connection.Connection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The channels that a connection is in, or is about to be.
 *
 * <p>Confined to the connection's event loop: what others answer later comes back there.
 */
final class Subscriptions {
  private static final int MAX_CHANNELS = 10_000;

  private final Session session;
  private final Connection connection;
  private final Hub hub;
  private final Map<ChannelName, Subscription> channels = new HashMap<>(2);

  Subscriptions(Session session, Connection connection, Hub hub) {
    this.session = session;
    this.connection = connection;
    this.hub = hub;
  }

  /** That of a channel; {@code null} if there is none. */
  @Nullable Subscription of(ChannelName name) {
    return channels.get(name);
  }

  /** Joins a channel, or is told once more who is in it. */
  void join(ClientEvent.Subscribe event, ChannelName name, @Nullable Member member) {
    Subscription existing = channels.get(name);
    if (existing == null) {
      enter(event, name, member);
    } else if (existing.live()) {
      existing.hold();
      settle(event, existing, Welcome.again(hub, existing));
    }
  }

  private void enter(ClientEvent.Subscribe event, ChannelName name, @Nullable Member member) {
    if (channels.size() == MAX_CHANNELS) {
      throw ProtocolException.limit(
          "Too many channels: this connection has " + MAX_CHANNELS + ", as many as it may");
    }
    Subscription subscription = hub.subscribe(connection, name, member);
    channels.put(subscription.channel().name(), subscription);
    settle(event, subscription, Welcome.to(hub, connection.socketId(), subscription));
  }

  /** Acknowledges, or refuses, once it is known who is in; on this loop. */
  private void settle(
      ClientEvent.Subscribe event, Subscription subscription, CompletionStage<Welcome> stage) {
    Completions.on(
        connection.loop(),
        stage,
        (welcome, failure) -> {
          if (subscription.over()) {
            leaveUnlessBack(subscription);
          } else if (welcome != null) {
            session.joining(subscription);
            welcome.acknowledge(hub, subscription);
            session.joined(subscription);
          } else {
            drop(subscription);
            leave(subscription);
            refuse(event.channel(), Completions.mistake("Subscribing", failure));
          }
        });
  }

  /** The same member may have subscribed again meanwhile, and is in by that. */
  private void leaveUnlessBack(Subscription subscription) {
    Subscription now = channels.get(subscription.channel().name());
    Member before = subscription.member();
    Member member = now == null ? null : now.member();
    if (before == null || member == null || !before.userId().equals(member.userId())) {
      leave(subscription);
    }
  }

  /** Tells that the client may not be in a channel. */
  void refuse(String channel, ProtocolException mistake) {
    // The Java client would try to decrypt any frame of an encrypted channel: it gets the error
    // alone.
    if (!channel.startsWith("private-encrypted-")) {
      connection.send(
          new ServerEvent.SubscriptionError(
              channel, mistake.kind().type(), mistake.text(), mistake.kind().status()));
    }
    session.refuse(mistake);
  }

  /** Leaves a channel, by its name as it came: one that is not valid has no subscription. */
  void leave(String channel) {
    channels.values().stream()
        .filter(subscription -> subscription.channel().name().value().equals(channel))
        .findFirst()
        .ifPresent(
            subscription -> {
              if (subscription.live()) {
                leave(subscription);
              }
              drop(subscription);
            });
  }

  private void drop(Subscription subscription) {
    channels.remove(subscription.channel().name());
    hub.unsubscribe(connection, subscription);
  }

  private void leave(Subscription subscription) {
    Member member = subscription.member();
    if (member != null) {
      session.left(member, subscription.channel().name());
      hub.presence().leave(subscription.channel().topic(), connection.socketId(), member.userId());
    }
  }

  /** Leaves all: the connection has ended. */
  void closed() {
    for (Subscription subscription : channels.values()) {
      if (subscription.live()) {
        leave(subscription);
      }
      hub.unsubscribe(connection, subscription);
    }
    channels.clear();
  }
}
