package dev.carillon.server.session;

import dev.carillon.server.channel.Hub;
import dev.carillon.server.connection.Connection;
import java.util.function.LongSupplier;

/**
 * Opens the session of a connection that was let in.
 *
 * <p>Thread-safe.
 */
public final class Sessions {
  private final ChannelAuthorizer authorizer = new ChannelAuthorizer();
  private final LongSupplier nanoTime;

  /**
   * Sessions that measure rates by that time.
   *
   * @param nanoTime the time in nanoseconds, from any origin
   */
  public Sessions(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Opens a session: the client is told its socket id. The hub has counted the connection in. */
  public Session open(Connection connection, Hub hub) {
    Session session =
        new Session(connection, hub, authorizer, new ClientMessagePolicy(hub.app(), nanoTime));
    session.open();
    return session;
  }
}
