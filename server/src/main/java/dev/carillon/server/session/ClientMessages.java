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
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what a client sends to others.
 *
 * <p>Confined to the connection's event loop.
 */
final class ClientMessages {
  private final Session session;
  private final Connection connection;
  private final Hub hub;
  private final ClientMessagePolicy policy;

  ClientMessages(Session session, Connection connection, Hub hub, ClientMessagePolicy policy) {
    this.session = session;
    this.connection = connection;
    this.hub = hub;
    this.policy = policy;
  }

  /**
   * Sends a client event to the other subscribers.
   *
   * @param subscription the sender's to the channel; {@code null} if it has none
   * @throws ProtocolException if it may not be sent
   */
  void send(
      ClientEvent.ClientMessage event, ChannelName name, @Nullable Subscription subscription) {
    boolean subscribed = subscription != null && subscription.live();
    policy.check(event, name, subscribed);
    Member member = subscription == null ? null : subscription.member();
    UserId sender = member == null ? null : member.userId();
    hub.metrics().eventByClient();
    hub.webhooks().clientEvent(name, event.event(), event.data(), connection.socketId(), sender);
    CompletableFuture<Void> sent =
        hub.publish(
                name,
                new ServerEvent.ClientMessage(name, event.event(), event.data(), sender),
                connection.socketId())
            .toCompletableFuture();
    if (!sent.isDone() || sent.isCompletedExceptionally()) {
      Completions.on(connection.loop(), sent, this::sent);
    }
  }

  private void sent(@Nullable Void none, @Nullable Throwable failure) {
    if (failure != null) {
      session.refuse(Completions.mistake("Sending", failure));
    }
  }
}
