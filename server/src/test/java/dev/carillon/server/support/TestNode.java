package dev.carillon.server.support;

import dev.carillon.protocol.channel.SocketIds;
import dev.carillon.server.api.Api;
import dev.carillon.server.app.App;
import dev.carillon.server.app.Apps;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.LocalBroker;
import dev.carillon.server.cache.LocalChannelCache;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.channel.Hubs;
import dev.carillon.server.channel.Ports;
import dev.carillon.server.config.AppConfig;
import dev.carillon.server.config.DndConfig;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.config.ServerConfig;
import dev.carillon.server.config.StatusConfig;
import dev.carillon.server.directory.LocalDirectory;
import dev.carillon.server.held.LocalHeldEvents;
import dev.carillon.server.idempotency.LocalIdempotency;
import dev.carillon.server.limit.AddressLimit;
import dev.carillon.server.limit.FailedSignatures;
import dev.carillon.server.metrics.Metrics;
import dev.carillon.server.occupancy.LocalOccupancy;
import dev.carillon.server.presence.LocalPresence;
import dev.carillon.server.quota.LocalQuota;
import dev.carillon.server.redis.RedisNode;
import dev.carillon.server.session.Sessions;
import dev.carillon.server.status.LocalStatusStore;
import dev.carillon.server.status.StatusTimes;
import dev.carillon.server.status.Statuses;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.transport.EventLoops;
import dev.carillon.server.transport.Listener;
import dev.carillon.server.user.LocalUsers;
import dev.carillon.server.webhook.Webhooks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What serves clients, on a real port, with app 3 of the conformance cases and ports that a test
 * has made: some are slow, some fail. Has no admin port and no webhooks.
 */
public final class TestNode implements AutoCloseable {
  private static final String APP = "/app/" + TestServer.KEY + "?protocol=7";

  private final Metrics metrics = new Metrics();
  private final EventLoops loops;
  private final Listener listener;
  private final Hubs hubs = new Hubs();
  private final @Nullable RedisNode redis;
  private final int port;

  private TestNode(
      ServerConfig config,
      AppConfig appConfig,
      DndConfig dnd,
      @Nullable RedisNode redis,
      UnaryOperator<Broker> broker,
      UnaryOperator<Ports> ports) {
    App app = App.of(appConfig);
    this.redis = redis;
    Apps apps = new Apps(List.of(app));
    loops = new EventLoops(config, metrics);
    Ports shared =
        redis == null
            ? ports.apply(local(broker.apply(new LocalBroker(hubs))))
            : shared(redis, hubs, metrics);
    Hub hub =
        new Hub(
            app,
            shared,
            new Statuses(app, shared.statuses(), StatusTimes.defaults()),
            dnd,
            metrics.app(app.id()),
            Webhooks.none().of(app.id()),
            loops.after(Hub.COUNT_PAUSE));
    hubs.add(hub);
    FailedSignatures failedSignatures = new FailedSignatures(unlimited());
    listener =
        new Listener(
            config,
            loops,
            apps,
            hubs,
            new Sessions(failedSignatures, System::nanoTime),
            new SocketIds(new SecureRandom()),
            new Api(apps, hubs, idempotency(), failedSignatures, InstantSource.system()),
            unlimited(),
            metrics);
    if (redis != null) {
      redis.apps(List.of(app));
      redis.start();
      Await.until("Redis is there", redis::available);
    }
    try {
      port = listener.bind();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With a broker in front of that of a single node. */
  public static TestNode withBroker(UnaryOperator<Broker> broker) {
    return new TestNode(
        TestServer.config(),
        TestServer.app().build(),
        DndConfig.defaults(),
        null,
        broker,
        local -> local);
  }

  /** With other ports than those of a single node. */
  public static TestNode with(AppConfig app, UnaryOperator<Ports> ports) {
    return with(app, local -> local, ports);
  }

  /** With both. */
  public static TestNode with(
      AppConfig app, UnaryOperator<Broker> broker, UnaryOperator<Ports> ports) {
    return new TestNode(TestServer.config(), app, DndConfig.defaults(), null, broker, ports);
  }

  /** With statuses, and that for users who do not want to be disturbed. */
  public static TestNode with(AppConfig app, DndConfig dnd) {
    return new TestNode(TestServer.config(), app, dnd, null, local -> local, local -> local);
  }

  /** A node of a cluster, with statuses. */
  public static TestNode of(ScalingConfig cluster) {
    return new TestNode(
        TestServer.config(),
        TestServer.app().status(StatusConfig.defaults()).build(),
        DndConfig.defaults(),
        new RedisNode(cluster, OnRedis.unseen()),
        local -> local,
        local -> local);
  }

  private static Ports shared(RedisNode redis, Hubs hubs, Metrics metrics) {
    return new Ports(
        redis.broker(hubs),
        redis.presence(Webhooks.none()),
        redis.occupancy(Webhooks.none(), hubs),
        redis.channelCache(),
        redis.users(Duration.ofMillis(1)),
        redis.quota(),
        redis.directory(),
        redis.statusStore(hubs),
        redis.heldEvents(metrics.held()));
  }

  /** How the app's users are. */
  public Statuses statuses() {
    return hubs.all().iterator().next().statuses();
  }

  /** What is counted, in Prometheus' text format. */
  public String metrics() {
    return metrics.scrape();
  }

  private Ports local(Broker broker) {
    LocalPresence presence = new LocalPresence(broker, Webhooks.none());
    LocalOccupancy occupancy = new LocalOccupancy(Webhooks.none());
    LocalChannelCache cache =
        new LocalChannelCache(
            broker,
            LocalChannelCache.Limits.STANDARD,
            System::nanoTime,
            loops.after(LocalChannelCache.SWEEP),
            metrics.cache());
    return new Ports(
        broker,
        presence,
        occupancy,
        cache,
        new LocalUsers(broker, loops.after(Duration.ofMillis(1))),
        new LocalQuota(),
        new LocalDirectory(occupancy, presence, cache),
        new LocalStatusStore(
            broker,
            hubs,
            InstantSource.system(),
            (delay, task) -> loops.after(delay).execute(task)),
        new LocalHeldEvents(
            broker,
            cache,
            LocalHeldEvents.Limits.STANDARD,
            System::nanoTime,
            loops.after(LocalHeldEvents.SWEEP),
            metrics.held()));
  }

  private LocalIdempotency idempotency() {
    return new LocalIdempotency(
        new LocalIdempotency.Observer() {
          @Override
          public void remembered(int change) {}

          @Override
          public void forgottenEarly() {}
        },
        System::nanoTime,
        loops.after(LocalIdempotency.SWEEP));
  }

  private static AddressLimit unlimited() {
    return new AddressLimit("none", 0, System::nanoTime, () -> {});
  }

  public int port() {
    return port;
  }

  /** Where a broker delivers. */
  public Hubs hubs() {
    return hubs;
  }

  /** A connection on which nothing was said. */
  public TestClient open() {
    return TestClient.open("ws://127.0.0.1:" + port + APP);
  }

  /** A connection that was established. */
  public TestClient connect() {
    return open().established();
  }

  public TestApi api() {
    return new TestApi("http://127.0.0.1:" + port, "", "3", TestServer.CREDENTIALS);
  }

  /** Shuts down, but leaves the port open. */
  public void drain() throws InterruptedException {
    loops.drain(Duration.ZERO, dev.carillon.server.connection.Farewell.GOING_AWAY);
  }

  @Override
  public void close() {
    listener.close();
    loops.close();
    if (redis != null) {
      redis.close();
    }
    metrics.close();
  }
}
