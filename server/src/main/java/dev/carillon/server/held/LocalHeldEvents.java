package dev.carillon.server.held;

import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.metrics.HeldMetrics;
import dev.carillon.server.metrics.HeldMetrics.Limit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The held events of a single node. The map entry of a topic is its lock: what is decided under it
 * is published under it.
 *
 * <p>It is bounded: beyond a limit the oldest event of all goes. What has waited too long is swept
 * away now and then, as long as there is anything.
 *
 * <p>Thread-safe.
 */
public final class LocalHeldEvents implements HeldEvents {
  /** How often to sweep. */
  public static final Duration SWEEP = Duration.ofSeconds(60);

  private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  /** What an entry takes besides its frame. */
  private static final long ENTRY_BYTES = 512;

  /**
   * What one node holds.
   *
   * @param maxBytes of the events' frames, and 512 more for each
   */
  public record Limits(int maxEvents, long maxBytes) {
    /** Less than most heaps: a thousand users who have missed a hundred events each. */
    public static final Limits STANDARD = new Limits(100_000, 64L << 20);
  }

  /** One that waits; a topic's numbers rise. */
  private record Kept(Event event, long number, long endNanos) {
    boolean isOver(long now) {
      return endNanos - now <= 0;
    }

    long bytes() {
      return ENTRY_BYTES + event.content().message().length;
    }
  }

  /** None is empty; guarded by their map entry. */
  private final ConcurrentMap<Topic, Deque<Kept>> held = new ConcurrentHashMap<>();

  private final ConcurrentNavigableMap<Long, Topic> byAge = new ConcurrentSkipListMap<>();
  private final AtomicLong lastNumber = new AtomicLong();
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicBoolean sweepAwaited = new AtomicBoolean();
  private final Broker broker;
  private final ChannelCache cache;
  private final Limits limits;
  private final LongSupplier nanoTime;
  private final Executor afterSweepTime;
  private final HeldMetrics metrics;

  /**
   * None is held yet.
   *
   * @param cache by which the events of cache channels are published
   * @param nanoTime the time in nanoseconds, from any origin
   * @param afterSweepTime runs what it is given {@link #SWEEP} later
   */
  public LocalHeldEvents(
      Broker broker,
      ChannelCache cache,
      Limits limits,
      LongSupplier nanoTime,
      Executor afterSweepTime,
      HeldMetrics metrics) {
    this.broker = broker;
    this.cache = cache;
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.afterSweepTime = afterSweepTime;
    this.metrics = metrics;
    metrics.kept(count, bytes);
  }

  @Override
  public CompletionStage<Void> hold(Topic topic, Event event) {
    held.compute(topic, (t, waiting) -> append(t, waiting, event));
    limit();
    return DONE;
  }

  @Override
  public CompletionStage<Boolean> publish(Topic topic, Event event) {
    boolean[] published = new boolean[1];
    held.compute(
        topic,
        (t, before) -> {
          Deque<Kept> waiting = before == null ? null : standing(before);
          if (waiting == null) {
            published[0] = true;
            send(t, event);
            return null;
          }
          return append(t, waiting, event);
        });
    if (!published[0]) {
      limit();
    }
    return CompletableFuture.completedStage(published[0]);
  }

  private Deque<Kept> append(Topic topic, @Nullable Deque<Kept> before, Event event) {
    Deque<Kept> waiting = before == null ? new ArrayDeque<>(2) : before;
    long end = nanoTime.getAsLong() + MAX_AGE.toNanos();
    Kept kept = new Kept(event, lastNumber.incrementAndGet(), end);
    waiting.addLast(kept);
    byAge.put(kept.number, topic);
    count.incrementAndGet();
    bytes.addAndGet(kept.bytes());
    if (waiting.size() > MAX_EVENTS) {
      uncount(waiting.removeFirst());
      metrics.lost(Limit.CHANNEL, 1);
    }
    return waiting;
  }

  /** Without what has waited too long; {@code null} if nothing is left. */
  private @Nullable Deque<Kept> standing(Deque<Kept> waiting) {
    long now = nanoTime.getAsLong();
    while (!waiting.isEmpty() && waiting.getFirst().isOver(now)) {
      uncount(waiting.removeFirst());
    }
    return waiting.isEmpty() ? null : waiting;
  }

  private void send(Topic topic, Event event) {
    CompletionStage<Void> unused =
        event.cacheTtl().isZero()
            ? broker.publish(topic, Envelope.of(event.content().message(), event.except()))
            : cache.publish(topic, event.content(), event.cacheTtl(), event.except());
  }

  @Override
  public CompletionStage<Boolean> waiting(Topic topic) {
    return CompletableFuture.completedStage(held.containsKey(topic));
  }

  @Override
  public CompletionStage<Void> release(Topic topic) {
    held.computeIfPresent(
        topic,
        (t, before) -> {
          Deque<Kept> waiting = standing(before);
          if (waiting != null) {
            for (Kept kept : waiting) {
              uncount(kept);
              send(t, kept.event);
            }
            metrics.released(waiting.size());
          }
          return null;
        });
    return DONE;
  }

  private void limit() {
    boolean tooMany = count.get() > limits.maxEvents;
    while (tooMany || bytes.get() > limits.maxBytes) {
      Map.Entry<Long, Topic> oldest = byAge.firstEntry();
      if (oldest == null) {
        return;
      }
      if (drop(oldest, kept -> true)) {
        metrics.lost(tooMany ? Limit.EVENTS : Limit.BYTES, 1);
      }
      tooMany = count.get() > limits.maxEvents;
    }
    sweepLater();
  }

  private void sweepLater() {
    if (!byAge.isEmpty() && sweepAwaited.compareAndSet(false, true)) {
      afterSweepTime.execute(this::sweep);
    }
  }

  private void sweep() {
    long now = nanoTime.getAsLong();
    Map.Entry<Long, Topic> oldest = byAge.firstEntry();
    while (oldest != null
        && (drop(oldest, kept -> kept.isOver(now)) || !byAge.containsKey(oldest.getKey()))) {
      oldest = byAge.firstEntry();
    }
    sweepAwaited.set(false);
    sweepLater();
  }

  /** Forgets that event, which is the first of its topic if it is still there; whether it did. */
  private boolean drop(Map.Entry<Long, Topic> oldest, Predicate<Kept> condition) {
    boolean[] dropped = new boolean[1];
    held.computeIfPresent(
        oldest.getValue(),
        (t, waiting) -> {
          Kept first = waiting.getFirst();
          if (first.number == oldest.getKey() && condition.test(first)) {
            uncount(waiting.removeFirst());
            dropped[0] = true;
          }
          return waiting.isEmpty() ? null : waiting;
        });
    return dropped[0];
  }

  private void uncount(Kept kept) {
    byAge.remove(kept.number);
    count.decrementAndGet();
    bytes.addAndGet(-kept.bytes());
  }
}
