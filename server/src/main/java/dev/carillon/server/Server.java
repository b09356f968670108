package dev.carillon.server;

import dev.carillon.protocol.channel.SocketIds;
import dev.carillon.server.admin.Admin;
import dev.carillon.server.admin.Readiness;
import dev.carillon.server.api.Api;
import dev.carillon.server.app.App;
import dev.carillon.server.app.Apps;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.channel.Hubs;
import dev.carillon.server.channel.Ports;
import dev.carillon.server.config.Config;
import dev.carillon.server.connection.Farewell;
import dev.carillon.server.limit.AddressLimit;
import dev.carillon.server.limit.FailedSignatures;
import dev.carillon.server.metrics.Metrics;
import dev.carillon.server.redis.RedisNode;
import dev.carillon.server.session.Sessions;
import dev.carillon.server.status.StatusTimes;
import dev.carillon.server.status.Statuses;
import dev.carillon.server.transport.EventLoops;
import dev.carillon.server.transport.Listener;
import dev.carillon.server.webhook.Webhooks;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
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
  private static final Duration NODE_DRAIN_AT_MOST = Duration.ofSeconds(2);
  private static final Duration ENTER_AT_MOST = Duration.ofSeconds(3);

  /** Pusher waits as long before it tells that a channel or a member is gone. */
  private static final Duration OFFLINE_GRACE = Duration.ofSeconds(3);

  private final Duration drain;
  private final Metrics metrics = new Metrics();
  private final Webhooks webhooks;
  private final @Nullable RedisNode node;
  private final Readiness readiness;
  private final EventLoops loops;
  private final Listener listener;
  private final Admin admin;
  private final int adminPort;
  private volatile int port;

  private Server(Config config, InstantSource clock, Duration offlineGrace) throws IOException {
    this.drain = config.server().drain();
    this.webhooks = Webhooks.open(config, metrics, clock);
    this.loops = new EventLoops(config.server(), metrics);
    RedisNode shared =
        config.scaling().enabled() ? new RedisNode(config.scaling(), metrics.redis()) : null;
    this.node = shared;
    this.readiness = new Readiness(() -> shared == null || shared.available());
    this.listener = listener(config, loops, metrics, webhooks, node, clock, offlineGrace);
    this.admin = new Admin(config.admin(), metrics, readiness);
    try {
      this.adminPort = admin.bind();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** Everything that serves the apps of that configuration, on those event loops. */
  private static Listener listener(
      Config config,
      EventLoops loops,
      Metrics metrics,
      Webhooks webhooks,
      @Nullable RedisNode node,
      InstantSource clock,
      Duration offlineGrace) {
    Apps apps = new Apps(config.apps().stream().map(App::of).toList());
    Hubs hubs = new Hubs();
    Ports ports =
        node == null
            ? InMemory.ports(hubs, loops, metrics, webhooks, clock, offlineGrace)
            : InRedis.ports(node, hubs, metrics, webhooks, offlineGrace);
    if (node != null) {
      node.apps(apps.all());
    }
    for (App app : apps.all()) {
      hubs.add(
          new Hub(
              app,
              ports,
              new Statuses(app, ports.statuses(), StatusTimes.of(config.status())),
              config.status().dnd(),
              metrics.app(app.id()),
              webhooks.of(app.id()),
              loops.after(Hub.COUNT_PAUSE)));
    }
    FailedSignatures failedSignatures =
        new FailedSignatures(
            limit("failed_signatures", config.server().failedSignaturesPerMinute(), metrics));
    return new Listener(
        config.server(),
        loops,
        apps,
        hubs,
        new Sessions(failedSignatures, System::nanoTime),
        new SocketIds(new SecureRandom()),
        new Api(
            apps,
            hubs,
            node == null ? InMemory.idempotency(metrics, loops) : node.idempotency(),
            failedSignatures,
            clock),
        limit("handshakes", config.server().handshakesPerMinute(), metrics),
        metrics);
  }

  private static AddressLimit limit(String name, int perMinute, Metrics metrics) {
    return new AddressLimit(name, perMinute, System::nanoTime, () -> metrics.addressRefused(name));
  }

  /**
   * Starts a server.
   *
   * @throws IOException if a port cannot be opened; nothing is left running then
   */
  public static Server start(Config config) throws IOException {
    return start(config, InstantSource.system(), OFFLINE_GRACE);
  }

  /**
   * As {@link #start(Config)}, with times that tests choose.
   *
   * @param clock by which signatures of requests are judged
   * @param offlineGrace after a user's last connection, until the user goes offline
   */
  public static Server start(Config config, InstantSource clock, Duration offlineGrace)
      throws IOException {
    Server server = new Server(config, clock, offlineGrace);
    server.listen(config);
    server.readiness.ready();
    return server;
  }

  /**
   * As {@link #start(Config)}, but the JVM is made warm, when {@code server.warm_up} says.
   *
   * @param over whether nobody wants the server any more: then the port stays closed
   * @throws IOException if a port cannot be opened; nothing is left running then
   */
  public static Server startAndWarmUp(Config config, BooleanSupplier over) throws IOException {
    Server server = new Server(config, InstantSource.system(), OFFLINE_GRACE);
    JvmWarmUp warmUp = server.warmUp(over);
    switch (config.server().warmUp()) {
      case BEFORE -> {
        server.orClose(server.listener::check);
        warmUp.enough();
        if (!over.getAsBoolean()) {
          server.listen(config);
          server.readiness.ready();
        }
      }
      case BESIDE -> {
        server.listen(config);
        inBackground(
            () -> {
              warmUp.enough();
              server.readiness.ready();
            });
      }
      case NONE -> {
        server.listen(config);
        server.readiness.ready();
      }
    }
    return server;
  }

  private void listen(Config config) throws IOException {
    orClose(
        () -> {
          enter();
          port = listener.bind();
        });
    LOG.info(
        "Server listening address={}{} transport={} apps={}",
        config.server().address(port),
        config.server().path(),
        loops.transport(),
        config.apps().size());
  }

  private interface Step {
    void run() throws IOException;
  }

  private void orClose(Step step) throws IOException {
    try {
      step.run();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /**
   * Becomes one of the nodes; if Redis is away, later, without being waited for.
   *
   * @throws RefusedException if this node may not be one
   */
  private void enter() throws RefusedException {
    if (node == null) {
      return;
    }
    try {
      node.start().toCompletableFuture().get(ENTER_AT_MOST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException refused) {
      Throwable cause = refused.getCause();
      throw new RefusedException(String.valueOf(cause == null ? null : cause.getMessage()));
    } catch (TimeoutException away) {
      LOG.warn("Server starts without Redis, and serves nobody until it comes");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private JvmWarmUp warmUp(BooleanSupplier over) {
    return new JvmWarmUp(
        metrics::handshakes,
        () -> over.getAsBoolean() || readiness.draining(),
        (config, unseen, nobody) ->
            listener(config, loops, unseen, nobody, null, InstantSource.system(), OFFLINE_GRACE));
  }

  private static void inBackground(Runnable task) {
    Thread thread = new Thread(task, "warm-up");
    thread.setDaemon(true);
    thread.start();
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
    readiness.drain();
    LOG.info("Server draining drain_seconds={}", drain.toSeconds());
    loops.drain(drain, node == null ? Farewell.GOING_AWAY : Farewell.RECONNECT);
    if (node != null && port != 0) {
      node.drain(NODE_DRAIN_AT_MOST); // what it decides goes into webhooks
    }
    webhooks.drain(WEBHOOKS_DRAIN_AT_MOST);
  }

  /** Ends all at once. */
  @Override
  public void close() {
    readiness.drain();
    listener.close();
    loops.close();
    if (node != null) {
      node.close();
    }
    webhooks.close();
    admin.close();
    metrics.close();
    LOG.debug("Server stopped port={}", port);
  }
}
