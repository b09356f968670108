package dev.carillon.server;

import dev.carillon.protocol.channel.SocketIds;
import dev.carillon.server.admin.Admin;
import dev.carillon.server.admin.Readiness;
import dev.carillon.server.api.Api;
import dev.carillon.server.app.App;
import dev.carillon.server.app.Apps;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.LocalBroker;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.channel.Hubs;
import dev.carillon.server.config.Config;
import dev.carillon.server.metrics.Metrics;
import dev.carillon.server.occupancy.LocalOccupancy;
import dev.carillon.server.occupancy.Occupancy;
import dev.carillon.server.presence.LocalPresence;
import dev.carillon.server.presence.Presence;
import dev.carillon.server.session.Sessions;
import dev.carillon.server.transport.Listener;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server: every object is built here, once, from top to bottom.
 *
 * <p>Thread-safe.
 */
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  private final Duration drain;
  private final Metrics metrics = new Metrics();
  private final Readiness readiness = new Readiness();
  private final Listener listener;
  private final Admin admin;
  private final int port;
  private final int adminPort;

  private Server(Config config, InstantSource clock) throws IOException {
    this.drain = config.server().drain();
    Apps apps = new Apps(config.apps().stream().map(App::of).toList());
    Hubs hubs = new Hubs();
    Broker broker = new LocalBroker(hubs);
    Presence presence = new LocalPresence(broker);
    Occupancy occupancy = new LocalOccupancy();
    for (App app : apps.all()) {
      hubs.add(new Hub(app, broker, presence, occupancy, metrics.app(app.id())));
    }
    this.listener =
        new Listener(
            config.server(),
            apps,
            hubs,
            new Sessions(System::nanoTime),
            new SocketIds(new SecureRandom()),
            new Api(apps, hubs, clock),
            metrics);
    this.admin = new Admin(config.admin(), metrics, readiness);
    try {
      this.adminPort = admin.bind();
      this.port = listener.bind();
    } catch (IOException e) {
      close();
      throw e;
    }
    readiness.ready();
    LOG.info(
        "Server listening address={}:{}{} transport={} apps={}",
        config.server().host(),
        port,
        config.server().path(),
        listener.transport(),
        config.apps().size());
  }

  /**
   * Starts a server.
   *
   * @throws IOException if a port cannot be opened; nothing is left running then
   */
  public static Server start(Config config) throws IOException {
    return new Server(config, InstantSource.system());
  }

  /** As {@link #start(Config)}, with the time by which signatures of requests are judged. */
  public static Server start(Config config, InstantSource clock) throws IOException {
    return new Server(config, clock);
  }

  /** The public port. */
  public int port() {
    return port;
  }

  /** The operators' port. */
  public int adminPort() {
    return adminPort;
  }

  /**
   * Ends the connections, spread over {@code server.drain_seconds}, while the port stays open:
   * handshakes are refused with 4100, requests with 503. Blocks until it is done.
   */
  public void drain() throws InterruptedException {
    readiness.draining();
    LOG.info("Server draining drain_seconds={}", drain.toSeconds());
    listener.drain(drain);
  }

  /** Ends all at once. */
  @Override
  public void close() {
    listener.close();
    admin.close();
    metrics.close();
    LOG.info("Server stopped");
  }
}
