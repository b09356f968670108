package dev.carillon.server.transport;

import dev.carillon.server.config.ServerConfig;
import dev.carillon.server.connection.Farewell;
import dev.carillon.server.metrics.Metrics;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.NettyRuntime;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loops, and the connections that live on them.
 *
 * <p>Thread-safe.
 */
public final class EventLoops implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);

  private static final long DRAIN_POLL_MILLIS = 50;
  private static final long GOODBYE_MILLIS = 1_500;

  private final Transport transport;
  private final MultiThreadIoEventLoopGroup group;
  private final Map<EventLoop, LoopWatch> watches = new HashMap<>();

  /** As many as are configured, on the transport that is configured. */
  public EventLoops(ServerConfig config, Metrics metrics) {
    this.transport = Transport.of(config.transport());
    int threads =
        config.eventLoops() == 0 ? NettyRuntime.availableProcessors() : config.eventLoops();
    this.group =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("event-loop"), transport.handlers());
    for (EventExecutor executor : group) {
      EventLoop loop = (EventLoop) executor;
      watches.put(loop, new LoopWatch(loop, config.maxOutboundBytes(), metrics));
    }
  }

  /** The transport that was chosen. */
  public Transport transport() {
    return transport;
  }

  MultiThreadIoEventLoopGroup group() {
    return group;
  }

  /**
   * Runs what it is given so much later, on a loop, where it must not block; never, if the loops
   * have ended until then.
   */
  public Executor after(Duration delay) {
    return task -> {
      try {
        group.next().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException ended) {
        LOG.debug("Not run, the event loops have ended", ended);
      }
    };
  }

  LoopWatch watch(EventLoop loop) {
    LoopWatch watch = watches.get(loop);
    if (watch == null) {
      throw new IllegalStateException("a loop that is not watched");
    }
    return watch;
  }

  /**
   * Ends the connections, spread over that time, while the ports stay open: handshakes are answered
   * with 4100, requests with 503. Returns when all have ended, or the time and a second for
   * goodbyes are over.
   */
  public void drain(Duration over, Farewell farewell) throws InterruptedException {
    watches.values().forEach(watch -> watch.loop().execute(() -> watch.drain(over, farewell)));
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
        .mapToInt(watch -> watch.loop().submit(watch::sessions).syncUninterruptibly().getNow())
        .sum();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
