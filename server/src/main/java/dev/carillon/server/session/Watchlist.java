package dev.carillon.server.session;

import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.channel.Position;
import dev.carillon.server.channel.Subscription;
import dev.carillon.server.connection.Connection;
import dev.carillon.server.user.Users;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The users whose coming and going a connection is told: first who is online and who is not, then
 * each change.
 *
 * <p>Confined to the connection's event loop.
 */
final class Watchlist {
  private final Session session;
  private final Connection connection;
  private final Hub hub;
  private final List<UserId> users;
  private final List<Subscription> subscriptions;
  private boolean over;

  /**
   * Watches those users. Their statuses are read when their changes already arrive: what happens in
   * between is in the first frame or held back.
   *
   * @param users at least one
   */
  Watchlist(Session session, Connection connection, Hub hub, List<UserId> users) {
    this.session = session;
    this.connection = connection;
    this.hub = hub;
    this.users = users;
    this.subscriptions =
        users.stream().map(user -> hub.userTopics().watch(connection, user)).toList();
    CompletableFuture<Void> ready =
        CompletableFuture.allOf(
            subscriptions.stream()
                .map(subscription -> subscription.channel().ready().toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    List<Topic> topics =
        subscriptions.stream().map(subscription -> subscription.channel().topic()).toList();
    Completions.on(
        connection.loop(), ready.thenCompose(none -> hub.users().statuses(topics)), this::tell);
  }

  private void tell(@Nullable List<Users.Status> statuses, @Nullable Throwable failure) {
    if (over) {
      return;
    }
    if (statuses == null) {
      end();
      session.refuse(Completions.mistake("Watching", failure));
      return;
    }
    List<UserId> online = new ArrayList<>();
    List<UserId> offline = new ArrayList<>();
    for (int i = 0; i < users.size(); i++) {
      (statuses.get(i).online() ? online : offline).add(users.get(i));
    }
    connection.send(new ServerEvent.WatchlistEvents(online, offline));
    for (int i = 0; i < users.size(); i++) {
      subscriptions.get(i).release(new Position(statuses.get(i).sequence(), 0));
    }
  }

  /** Tells nothing more. */
  void end() {
    over = true;
    subscriptions.forEach(subscription -> hub.userTopics().leave(connection, subscription));
  }
}
