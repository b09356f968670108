package dev.carillon.server;

import dev.carillon.protocol.auth.Credentials;
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
import dev.carillon.server.config.AppConfig;
import dev.carillon.server.config.Config;
import dev.carillon.server.config.ServerConfig;
import dev.carillon.server.metrics.Metrics;
import dev.carillon.server.occupancy.LocalOccupancy;
import dev.carillon.server.occupancy.Occupancy;
import dev.carillon.server.presence.LocalPresence;
import dev.carillon.server.presence.Presence;
import dev.carillon.server.session.Sessions;
import dev.carillon.server.transport.EventLoops;
import dev.carillon.server.transport.Listener;
import dev.carillon.server.warmup.WarmUp;
import dev.carillon.server.webhook.Webhooks;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server: every object is built here, once, from top to bottom.
 *
 * <p>Thread-safe.
 */
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  private static final Duration WEBHOOKS_DRAIN_AT_MOST = Duration.ofSeconds(2);
  private static final Duration WARM_UP_AT_MOST = Duration.ofSeconds(12);
  private static final int WARM_UP_CONNECTIONS = 40_000;

  private final Duration drain;
  private final Metrics metrics = new Metrics();
  private final Webhooks webhooks;
  private final Readiness readiness = new Readiness();
  private final EventLoops loops;
  private final Listener listener;
  private final Admin admin;
  private final int port;
  private final int adminPort;

  private Server(Config config, InstantSource clock) throws IOException {
    this.drain = config.server().drain();
    this.webhooks = Webhooks.open(config, metrics, clock);
    this.loops = new EventLoops(config.server(), metrics);
    this.listener = listener(config, loops, metrics, webhooks, clock);
    this.admin = new Admin(config.admin(), metrics, readiness);
    try {
      this.adminPort = admin.bind();
      this.port = listener.bind();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** Everything that serves the apps of that configuration, on those event loops. */
  private static Listener listener(
      Config config, EventLoops loops, Metrics metrics, Webhooks webhooks, InstantSource clock) {
    Apps apps = new Apps(config.apps().stream().map(App::of).toList());
    Hubs hubs = new Hubs();
    Broker broker = new LocalBroker(hubs);
    Presence presence = new LocalPresence(broker, webhooks);
    Occupancy occupancy = new LocalOccupancy();
    for (App app : apps.all()) {
      hubs.add(
          new Hub(app, broker, presence, occupancy, metrics.app(app.id()), webhooks.of(app.id())));
    }
    return new Listener(
        config.server(),
        loops,
        apps,
        hubs,
        new Sessions(System::nanoTime),
        new SocketIds(new SecureRandom()),
        new Api(apps, hubs, clock),
        metrics);
  }

  /**
   * Starts a server.
   *
   * @throws IOException if a port cannot be opened; nothing is left running then
   */
  public static Server start(Config config) throws IOException {
    return start(config, InstantSource.system());
  }

  /** As {@link #start(Config)}, with the time by which signatures of requests are judged. */
  public static Server start(Config config, InstantSource clock) throws IOException {
    Server server = new Server(config, clock);
    server.announce(config);
    server.readiness.ready();
    return server;
  }

  /**
   * As {@link #start(Config)}, but {@code /ready} waits until the JVM is warm. The port is open
   * from the start.
   *
   * @throws IOException if a port cannot be opened; nothing is left running then
   */
  public static Server startAndWarmUp(Config config) throws IOException {
    Server server = new Server(config, InstantSource.system());
    server.announce(config);
    Thread thread = new Thread(server::warmUp, "warm-up");
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  private void announce(Config config) {
    LOG.info(
        "Server listening address={}:{}{} transport={} apps={}",
        config.server().host(),
        port,
        config.server().path(),
        loops.transport(),
        config.apps().size());
  }

  /** On the same event loops: a port that nobody knows, an app that nobody has the secret of. */
  private void warmUp() {
    byte[] secret = new byte[16];
    new SecureRandom().nextBytes(secret);
    String name = HexFormat.of().formatHex(secret);
    Config config =
        Config.defaults()
            .withServer(ServerConfig.defaults().toBuilder().host("127.0.0.1").port(0).build())
            .withApps(AppConfig.sample().toBuilder().key(name).secret(name).build());
    long begun = System.nanoTime();
    try (Metrics unseen = new Metrics();
        Webhooks nobody = Webhooks.none();
        Listener other = listener(config, loops, unseen, nobody, InstantSource.system())) {
      new WarmUp(other.bind(), AppConfig.sample().id(), new Credentials(name, name))
          .run(WARM_UP_AT_MOST, WARM_UP_CONNECTIONS, readiness::starting);
    } catch (IOException e) {
      if (readiness.starting()) {
        LOG.warn("Warm-up failed, the first clients are served more slowly", e);
      }
    }
    if (!readiness.starting()) {
      return;
    }
    readiness.ready();
    LOG.info("Server warm millis={}", Duration.ofNanos(System.nanoTime() - begun).toMillis());
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
    loops.drain(drain);
    webhooks.drain(WEBHOOKS_DRAIN_AT_MOST);
  }

  /** Ends all at once. */
  @Override
  public void close() {
    listener.close();
    loops.close();
    webhooks.close();
    admin.close();
    metrics.close();
    LOG.debug("Server stopped port={}", port);
  }
}
