package dev.carillon.server.transport;

import dev.carillon.protocol.channel.SocketIds;
import dev.carillon.server.api.Api;
import dev.carillon.server.app.Apps;
import dev.carillon.server.channel.Hubs;
import dev.carillon.server.config.ServerConfig;
import dev.carillon.server.metrics.Metrics;
import dev.carillon.server.session.Sessions;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.NettyRuntime;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The public port and the event loops behind it.
 *
 * <p>Thread-safe.
 */
public final class Listener implements AutoCloseable {
  private static final int BACKLOG = 4096;
  private static final long DRAIN_POLL_MILLIS = 50;
  private static final long GOODBYE_MILLIS = 1_500;

  private final ServerConfig config;
  private final Transport transport;
  private final MultiThreadIoEventLoopGroup loops;
  private final Map<EventLoop, LoopWatch> watches = new HashMap<>();
  private final ServerPipeline pipeline;
  private final List<Channel> ports = new ArrayList<>();

  public Listener(
      ServerConfig config,
      Apps apps,
      Hubs hubs,
      Sessions sessions,
      SocketIds socketIds,
      Api api,
      Metrics metrics) {
    this.config = config;
    this.transport = Transport.of(config.transport());
    int threads =
        config.eventLoops() == 0 ? NettyRuntime.availableProcessors() : config.eventLoops();
    this.loops =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("event-loop"), transport.handlers());
    for (EventExecutor executor : loops) {
      EventLoop loop = (EventLoop) executor;
      watches.put(loop, new LoopWatch(loop, config.maxOutboundBytes(), metrics));
    }
    WebSocketUpgrade upgrade = new WebSocketUpgrade(apps, hubs, sessions, socketIds, metrics);
    Routes routes = new Routes(config.path(), upgrade, api);
    this.pipeline = new ServerPipeline(config.maxRequestBytes(), routes, watches);
  }

  /** The transport that was chosen. */
  public Transport transport() {
    return transport;
  }

  /**
   * Opens the port.
   *
   * @return the port, also where the configuration leaves it open with 0
   * @throws IOException if the address cannot be listened on
   */
  public int bind() throws IOException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                // Both marks at the limit: what a turn writes may pass it, what a flush leaves may
                // not.
                new WriteBufferWaterMark(config.maxOutboundBytes(), config.maxOutboundBytes()))
            .childHandler(pipeline)
            .bind(config.host(), config.port())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on "
              + config.host()
              + ":"
              + config.port()
              + ": "
              + bound.cause().getMessage(),
          bound.cause());
    }
    ports.add(bound.channel());
    return ((InetSocketAddress) bound.channel().localAddress()).getPort();
  }

  /**
   * Ends the connections, spread over that time, while the port stays open: handshakes are answered
   * with 4100, requests with 503. Returns when all have ended, or the time and a second for
   * goodbyes are over.
   */
  public void drain(Duration over) throws InterruptedException {
    watches.values().forEach(watch -> watch.loop().execute(() -> watch.drain(over)));
    long deadline = System.nanoTime() + over.toNanos();
    while (System.nanoTime() < deadline && connections() > 0) {
      TimeUnit.MILLISECONDS.sleep(DRAIN_POLL_MILLIS);
    }
    long goodbyes = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GOODBYE_MILLIS);
    while (System.nanoTime() < goodbyes && connections() > 0) {
      TimeUnit.MILLISECONDS.sleep(DRAIN_POLL_MILLIS);
    }
  }

  private int connections() {
    return watches.values().stream()
        .mapToInt(watch -> watch.loop().submit(watch::webSockets).syncUninterruptibly().getNow())
        .sum();
  }

  @Override
  public void close() {
    ports.forEach(port -> port.close().awaitUninterruptibly());
    Future<?> ended = loops.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    ended.awaitUninterruptibly();
  }
}
