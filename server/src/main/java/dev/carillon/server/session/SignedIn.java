package dev.carillon.server.session;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserData;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.channel.Position;
import dev.carillon.server.channel.Subscription;
import dev.carillon.server.connection.Connection;
import org.jspecify.annotations.Nullable;

/**
 * The user who has signed in on a connection: gets the user's events, counts as online, and may
 * watch others.
 *
 * <p>Confined to the connection's event loop.
 */
final class SignedIn {
  private final Session session;
  private final Connection connection;
  private final Hub hub;
  private final Subscription events;
  private final Topic status;
  private UserData user;
  private @Nullable Watchlist watchlist;

  /** Begins; {@link #confirm} follows. */
  SignedIn(Session session, Connection connection, Hub hub, UserData user) {
    this.session = session;
    this.connection = connection;
    this.hub = hub;
    this.user = user;
    this.events = hub.userTopics().signIn(connection, user.id());
    this.status = Topic.ofStatus(hub.app().id(), user.id());
    hub.metrics().signedIn();
  }

  /** What the last sign-in said. */
  UserData user() {
    return user;
  }

  /**
   * Acknowledges a sign-in, the first or a further one, once the user's events arrive here.
   *
   * @param userData the data as they were sent
   * @throws ProtocolException if they are of another user
   */
  void confirm(UserData data, String userData) {
    if (!user.id().equals(data.id())) {
      throw ProtocolException.invalid(
          "This connection is signed in as '"
              + user.id().value()
              + "' and cannot change to '"
              + data.id().value()
              + "'");
    }
    user = data;
    Completions.on(
        connection.loop(),
        events
            .channel()
            .ready()
            .thenCompose(ready -> hub.users().signedIn(status, connection.socketId())),
        (none, failure) -> {
          if (events.over()) {
            hub.users().signedOut(status, connection.socketId());
          } else if (failure == null) {
            accept(data, userData);
          } else {
            session.signedOut();
            session.refuse(Completions.mistake("Signing in", failure));
          }
        });
  }

  private void accept(UserData data, String userData) {
    session.authorized(data);
    events.acknowledge(new ServerEvent.SigninSucceeded(userData), Position.START, null);
    hub.doNotDisturb().maybeDue(events.channel());
    if (data.watchlistCut()) {
      session.refuse(
          ProtocolException.watchlistTooLong(
              "The watchlist is too long: its first "
                  + UserData.MAX_WATCHLIST
                  + " users are watched, allowed are "
                  + UserData.MAX_WATCHLIST));
    }
    unwatch();
    if (!data.watchlist().isEmpty()) {
      watchlist = new Watchlist(session, connection, hub, data.watchlist());
    }
  }

  private void unwatch() {
    if (watchlist != null) {
      watchlist.end();
      watchlist = null;
    }
  }

  /** The connection has ended, or the sign-in has failed. */
  void end() {
    unwatch();
    hub.userTopics().leave(connection, events);
    hub.users().signedOut(status, connection.socketId());
    hub.metrics().signedOut();
  }
}
