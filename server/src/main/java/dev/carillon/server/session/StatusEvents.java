package dev.carillon.server.session;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.event.ClientEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.connection.Connection;
import dev.carillon.server.status.StatusCalls;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of how its user is, over its connection. Each mistake is answered with {@code
 * pusher:error}.
 *
 * <p>Confined to the connection's event loop.
 */
final class StatusEvents {
  private final Session session;
  private final Connection connection;
  private final Hub hub;
  private final ClientMessagePolicy policy;
  private final @Nullable KnownUsers known;

  StatusEvents(
      Session session,
      Connection connection,
      Hub hub,
      ClientMessagePolicy policy,
      @Nullable KnownUsers known) {
    this.session = session;
    this.connection = connection;
    this.hub = hub;
    this.policy = policy;
    this.known = known;
  }

  void set(ClientEvent.StatusSet event) {
    try {
      UserId user = user();
      if (known != null) {
        known.wrote();
      }
      Completions.on(
          connection.loop(),
          new StatusCalls(hub.statuses()).set(user, connection.socketId(), event.choice()),
          (record, failure) -> {
            if (failure != null) {
              session.refuse(Completions.mistake("Setting a status", failure));
            }
          });
    } catch (ProtocolException mistake) {
      session.refuse(mistake);
    }
  }

  void activity() {
    try {
      user();
      if (known != null) {
        known.activeNow();
      }
    } catch (ProtocolException mistake) {
      session.refuse(mistake);
    }
  }

  /**
   * Whose status it is about.
   *
   * @throws ProtocolException if it may not be told, or nobody knows whose
   */
  private UserId user() {
    policy.checkStatus();
    return Optional.ofNullable(known)
        .flatMap(KnownUsers::first)
        .orElseThrow(
            () ->
                ProtocolException.invalid(
                    "Status rejected - the user of this connection is not known: sign in or join a"
                        + " presence channel first"));
  }
}
