package dev.carillon.server.transport;

import dev.carillon.server.connection.Farewell;
import dev.carillon.server.connection.FlushQueue;
import dev.carillon.server.metrics.Metrics;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All connections of one event loop. One sweep a second over them takes the place of a timer for
 * each.
 *
 * <p>Confined to its event loop, but for the methods that hand a task over.
 */
final class LoopWatch {
  private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);
  private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final EventLoop loop;
  private final FlushQueue flushQueue;
  private final Metrics metrics;
  private final List<Watched> watched = new ArrayList<>();
  private int nowSeconds;
  private long dueNanos;
  private boolean draining;

  LoopWatch(EventLoop loop, int maxOutboundBytes, Metrics metrics) {
    this.loop = loop;
    this.metrics = metrics;
    this.flushQueue = new FlushQueue(loop, maxOutboundBytes, metrics::slowConsumer);
    this.dueNanos = System.nanoTime() + TICK_NANOS;
    loop.scheduleAtFixedRate(this::tick, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
  }

  EventLoop loop() {
    return loop;
  }

  /**
   * Runs a task on the loop, at once if this is it; for anybody.
   *
   * @return false if the loop has ended, and nobody is left on it
   */
  boolean execute(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
      return true;
    }
    return executeLater(task);
  }

  /** As {@link #execute}, but never at once. */
  boolean executeLater(Runnable task) {
    try {
      loop.execute(task);
      return true;
    } catch (RejectedExecutionException shutDownMeanwhile) {
      LOG.debug("Not handed over, the event loop has ended", shutDownMeanwhile);
      return false;
    }
  }

  FlushQueue flushQueue() {
    return flushQueue;
  }

  /** Seconds since this loop began, counted by its ticks. */
  int nowSeconds() {
    return nowSeconds;
  }

  boolean draining() {
    return draining;
  }

  void add(Watched connection) {
    connection.slot(watched.size());
    watched.add(connection);
  }

  void remove(Watched connection) {
    Watched last = watched.remove(watched.size() - 1);
    if (last != connection) {
      watched.set(connection.slot(), last);
      last.slot(connection.slot());
    }
  }

  /** How many connections have a session. */
  int sessions() {
    return (int)
        watched.stream()
            .filter(one -> one instanceof SessionHandler || one instanceof XhrSession)
            .count();
  }

  /** Connections end, spread over that time; new ones are refused. */
  void drain(Duration over, Farewell farewell) {
    draining = true;
    List.copyOf(watched).forEach(connection -> connection.drain(over, farewell));
  }

  private void tick() {
    nowSeconds++;
    metrics.loopLag(Math.max(0, System.nanoTime() - dueNanos));
    dueNanos += TICK_NANOS;
    // Backwards: one that ends in its tick is replaced by the last, which has had its tick.
    for (int i = watched.size() - 1; i >= 0; i--) {
      if (i < watched.size()) {
        watched.get(i).tick(nowSeconds);
      }
    }
  }
}
