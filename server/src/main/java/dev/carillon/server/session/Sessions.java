package dev.carillon.server.session;

import dev.carillon.server.app.App;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.connection.Connection;
import dev.carillon.server.limit.FailedSignatures;
import java.net.InetAddress;
import java.util.function.LongSupplier;

/**
 * Opens the session of a connection that was let in.
 *
 * <p>Thread-safe.
 */
public final class Sessions {
  private final FailedSignatures failedSignatures;
  private final ChannelAuthorizer authorizer;
  private final LongSupplier nanoTime;

  /**
   * Sessions that measure rates by that time.
   *
   * @param nanoTime the time in nanoseconds, from any origin
   */
  public Sessions(FailedSignatures failedSignatures, LongSupplier nanoTime) {
    this.failedSignatures = failedSignatures;
    this.authorizer = new ChannelAuthorizer(failedSignatures);
    this.nanoTime = nanoTime;
  }

  /**
   * Opens a session: the client is told its socket id. The hub has let the connection in.
   *
   * @param address the client's
   */
  public Session open(Connection connection, Hub hub, InetAddress address) {
    hub.connected();
    App app = hub.app();
    Session session =
        new Session(
            connection,
            hub,
            authorizer,
            new ClientMessagePolicy(app, nanoTime),
            app.rateLimiting().enabled() ? new MessageRate(app.rateLimiting(), nanoTime) : null,
            failedSignatures.limited() ? address : null);
    session.open();
    return session;
  }
}
