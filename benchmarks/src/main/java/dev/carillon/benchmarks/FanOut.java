package dev.carillon.benchmarks;

import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketIds;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.server.app.App;
import dev.carillon.server.broker.LocalBroker;
import dev.carillon.server.cache.LocalChannelCache;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.channel.Hubs;
import dev.carillon.server.channel.Ports;
import dev.carillon.server.channel.Position;
import dev.carillon.server.config.ClientEventsFrom;
import dev.carillon.server.config.DndConfig;
import dev.carillon.server.config.RateLimiting;
import dev.carillon.server.config.StatusConfig;
import dev.carillon.server.connection.FlushQueue;
import dev.carillon.server.connection.WebSocketConnection;
import dev.carillon.server.directory.LocalDirectory;
import dev.carillon.server.held.LocalHeldEvents;
import dev.carillon.server.metrics.Metrics;
import dev.carillon.server.occupancy.LocalOccupancy;
import dev.carillon.server.presence.LocalPresence;
import dev.carillon.server.quota.LocalQuota;
import dev.carillon.server.status.LocalStatusStore;
import dev.carillon.server.status.StatusStore;
import dev.carillon.server.status.StatusTimes;
import dev.carillon.server.status.Statuses;
import dev.carillon.server.user.LocalUsers;
import dev.carillon.server.webhook.AppWebhooks;
import dev.carillon.server.webhook.Webhooks;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Publishes events to a channel with 1 000 subscribers on one event loop, up to where the sockets
 * begin: their writes are dropped. A score is the time of one delivery.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FanOut {
  private static final int SUBSCRIBERS = 1000;
  private static final int EVENTS = 10;
  private static final int MAX_OUTBOUND_BYTES = 1 << 20;

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final ChannelName channel = ChannelName.of("news");
  private final ServerEvent event =
      new ServerEvent.ChannelMessage(
          channel, "order.created", RawJson.string("{\"id\":1,\"total\":\"19.90\"}"));
  private final Hub hub = hub();

  /** The wait for the loop at the end is shared by all events of an invocation. */
  @Benchmark
  @OperationsPerInvocation(SUBSCRIBERS * EVENTS)
  public void deliver() throws InterruptedException {
    for (int i = 0; i < EVENTS; i++) {
      hub.publish(channel, event, null).toCompletableFuture().join();
    }
    loop.submit(() -> {}).sync();
  }

  @TearDown
  public void stop() {
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private Hub hub() {
    App app = app();
    Metrics metrics = new Metrics();
    Hubs hubs = new Hubs();
    LocalBroker broker = new LocalBroker(hubs);
    LocalPresence presence = new LocalPresence(broker, Webhooks.none());
    LocalOccupancy occupancy = new LocalOccupancy(Webhooks.none());
    LocalChannelCache cache =
        new LocalChannelCache(
            broker, LocalChannelCache.Limits.STANDARD, System::nanoTime, group, metrics.cache());
    StatusStore statuses =
        new LocalStatusStore(broker, hubs, InstantSource.system(), (delay, task) -> {});
    Hub hub =
        new Hub(
            app,
            new Ports(
                broker,
                presence,
                occupancy,
                cache,
                new LocalUsers(broker, group),
                new LocalQuota(),
                new LocalDirectory(occupancy, presence, cache),
                statuses,
                new LocalHeldEvents(
                    broker,
                    cache,
                    LocalHeldEvents.Limits.STANDARD,
                    System::nanoTime,
                    group,
                    metrics.held())),
            new Statuses(app, statuses, StatusTimes.defaults()),
            DndConfig.defaults(),
            metrics.app(app.id()),
            AppWebhooks.none(),
            group);
    hubs.add(hub);
    loop.submit(() -> subscribe(hub)).syncUninterruptibly();
    return hub;
  }

  private void subscribe(Hub hub) {
    FlushQueue flushQueue = new FlushQueue(loop, MAX_OUTBOUND_BYTES, () -> {});
    SocketIds ids = new SocketIds(new Random(1));
    for (int i = 0; i < SUBSCRIBERS; i++) {
      Channel socket = new NioSocketChannel();
      socket.pipeline().addLast(new Drop());
      loop.register(socket);
      WebSocketConnection connection = new WebSocketConnection(ids.next(), socket, flushQueue);
      hub.subscribe(connection, channel, null)
          .acknowledge(new ServerEvent.SubscriptionSucceeded(channel), Position.START, null);
    }
  }

  private static App app() {
    return new App(
        "app-id",
        new Credentials("app-key", "app-secret"),
        true,
        false,
        List.of(),
        Duration.ofMinutes(1),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        0,
        10_000,
        102_400,
        0,
        2_048,
        ClientEventsFrom.ALL,
        10,
        RateLimiting.off(),
        false,
        Duration.ofMinutes(30),
        false,
        Duration.ZERO,
        StatusConfig.defaults());
  }

  /** Stands for the socket. */
  private static final class Drop extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void flush(ChannelHandlerContext context) {}
  }
}
