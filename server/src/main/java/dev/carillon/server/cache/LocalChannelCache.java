package dev.carillon.server.cache;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.metrics.CacheMetrics;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The cache of a single node. The map entry of a topic is its lock: what is kept under it is
 * published under it, and it is read under it.
 *
 * <p>It is bounded: beyond a limit the event goes whose time is over first, which is the oldest
 * where apps have the same time. What has expired is swept away once a second, as long as there is
 * anything.
 *
 * <p>Thread-safe.
 */
public final class LocalChannelCache implements ChannelCache {
  /** Longer than it takes a burst of subscribers to arrive. */
  static final Duration BURST = Duration.ofSeconds(3);

  /** How often to sweep. */
  public static final Duration SWEEP = Duration.ofSeconds(1);

  private static final int MAX_MISSES = 10_000;

  /** What an entry takes besides its frame: names, and nodes of two maps. */
  private static final long ENTRY_BYTES = 512;

  /**
   * What one node keeps.
   *
   * @param maxBytes of the events' frames, and 512 more for each
   */
  public record Limits(int maxEvents, long maxBytes) {
    /** Less than most heaps, and more than most apps have channels. */
    public static final Limits STANDARD = new Limits(100_000, 64L << 20);
  }

  /** When an event goes. The sequence alone makes it unique. */
  private record Due(long nanos, long sequence) {
    /** By differences: nanoseconds may overflow. */
    static final Comparator<Due> ORDER =
        (a, b) ->
            a.nanos == b.nanos
                ? Long.compare(a.sequence, b.sequence)
                : Long.signum(a.nanos - b.nanos);

    boolean isOver(long now) {
      return nanos - now <= 0;
    }
  }

  private record Kept(CachedEvent event, Due due) {
    long bytes() {
      return ENTRY_BYTES + event.message().length;
    }
  }

  private final ConcurrentMap<Topic, Kept> events = new ConcurrentHashMap<>();
  private final ConcurrentNavigableMap<Due, Topic> byDue = new ConcurrentSkipListMap<>(Due.ORDER);
  private final ConcurrentMap<Topic, Long> misses = new ConcurrentHashMap<>();
  private final AtomicLong sequence = new AtomicLong();
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicBoolean sweepAwaited = new AtomicBoolean();
  private final Broker broker;
  private final Limits limits;
  private final LongSupplier nanoTime;
  private final Executor afterSweepTime;
  private final CacheMetrics metrics;

  /**
   * An empty cache.
   *
   * @param nanoTime the time in nanoseconds, from any origin
   * @param afterSweepTime runs what it is given {@link #SWEEP} later
   */
  public LocalChannelCache(
      Broker broker,
      Limits limits,
      LongSupplier nanoTime,
      Executor afterSweepTime,
      CacheMetrics metrics) {
    this.broker = broker;
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.afterSweepTime = afterSweepTime;
    this.metrics = metrics;
    metrics.kept(count, bytes);
  }

  @Override
  public CompletionStage<Void> publish(
      Topic topic, CachedEvent event, Duration ttl, @Nullable SocketId except) {
    CompletableFuture<Void> accepted = new CompletableFuture<>();
    events.compute(
        topic,
        (t, before) -> {
          Due due = new Due(nanoTime.getAsLong() + ttl.toNanos(), sequence.incrementAndGet());
          Kept kept = new Kept(event, due);
          broker
              .publish(t, Envelope.cached(event.message(), except, due.sequence))
              .whenComplete((ok, failure) -> complete(accepted, failure));
          if (before != null) {
            uncount(before);
          }
          count(t, kept);
          return kept;
        });
    misses.remove(topic);
    evict();
    sweepLater();
    return accepted;
  }

  private static void complete(CompletableFuture<Void> future, @Nullable Throwable failure) {
    if (failure == null) {
      future.complete(null);
    } else {
      future.completeExceptionally(failure);
    }
  }

  /** Under the entry's lock: nobody reads between an event's publication and its being kept. */
  @Override
  public CompletionStage<Last> last(Topic topic) {
    CompletableFuture<Last> last = new CompletableFuture<>();
    events.computeIfPresent(
        topic,
        (t, kept) -> {
          long now = nanoTime.getAsLong();
          if (!kept.due.isOver(now)) {
            Duration ttl = Duration.ofNanos(kept.due.nanos - now);
            last.complete(new Last(kept.event, kept.due.sequence, ttl));
          }
          return kept;
        });
    last.complete(Last.NONE);
    return last;
  }

  @Override
  public CompletionStage<Boolean> missed(Topic topic) {
    if (misses.size() >= MAX_MISSES) {
      misses.clear(); // some are told twice then
    }
    long now = nanoTime.getAsLong();
    AtomicBoolean news = new AtomicBoolean();
    misses.compute(
        topic,
        (t, until) -> {
          if (until != null && until - now > 0) {
            return until;
          }
          news.set(true);
          return now + BURST.toNanos();
        });
    sweepLater();
    return CompletableFuture.completedStage(news.get());
  }

  private void evict() {
    boolean tooMany = count.get() > limits.maxEvents;
    while (tooMany || bytes.get() > limits.maxBytes) {
      Map.Entry<Due, Topic> first = byDue.firstEntry();
      if (first == null) {
        return;
      }
      if (drop(first.getKey(), first.getValue())) {
        metrics.evicted(tooMany ? CacheMetrics.Limit.EVENTS : CacheMetrics.Limit.BYTES);
      }
      tooMany = count.get() > limits.maxEvents;
    }
  }

  private void sweepLater() {
    boolean empty = byDue.isEmpty() && misses.isEmpty();
    if (!empty && sweepAwaited.compareAndSet(false, true)) {
      afterSweepTime.execute(this::sweep);
    }
  }

  private void sweep() {
    long now = nanoTime.getAsLong();
    Map.Entry<Due, Topic> first = byDue.firstEntry();
    while (first != null && first.getKey().isOver(now)) {
      drop(first.getKey(), first.getValue());
      first = byDue.firstEntry();
    }
    misses.values().removeIf(until -> until - now <= 0);
    sweepAwaited.set(false);
    sweepLater();
  }

  /** Forgets that event, unless another has taken its place; whether it was there. */
  private boolean drop(Due due, Topic topic) {
    AtomicBoolean dropped = new AtomicBoolean();
    events.computeIfPresent(
        topic,
        (t, kept) -> {
          if (!kept.due.equals(due)) {
            return kept;
          }
          uncount(kept);
          dropped.set(true);
          return null;
        });
    return dropped.get();
  }

  private void count(Topic topic, Kept kept) {
    byDue.put(kept.due, topic);
    count.incrementAndGet();
    bytes.addAndGet(kept.bytes());
  }

  private void uncount(Kept kept) {
    byDue.remove(kept.due);
    count.decrementAndGet();
    bytes.addAndGet(-kept.bytes());
  }
}
