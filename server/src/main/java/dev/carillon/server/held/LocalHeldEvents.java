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
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
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
 * The held events of a single node. The map entry of an inbox is its lock: what is decided under it
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

  /** One that waits; an inbox's numbers rise. */
  private record Kept(Event event, long number, long endNanos) {
    boolean isOver(long now) {
      return endNanos - now <= 0;
    }

    long bytes() {
      return ENTRY_BYTES + event.content().message().length;
    }
  }

  /** None is empty; guarded by their map entry. */
  private final ConcurrentMap<Inbox, Deque<Kept>> held = new ConcurrentHashMap<>();

  private final ConcurrentNavigableMap<Long, Inbox> byAge = new ConcurrentSkipListMap<>();
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
  public CompletionStage<Void> hold(Inbox inbox, Event event) {
    held.compute(inbox, (i, waiting) -> append(i, waiting, event));
    limit();
    return DONE;
  }

  @Override
  public CompletionStage<Boolean> publish(Inbox inbox, Event event) {
    boolean[] published = new boolean[1];
    held.compute(
        inbox,
        (i, before) -> {
          Deque<Kept> waiting = before == null ? null : standing(before);
          if (waiting != null && lastOf(Set.of(event.topic()), waiting) > 0) {
            return append(i, waiting, event);
          }
          published[0] = true;
          send(event);
          return waiting;
        });
    if (!published[0]) {
      limit();
    }
    return CompletableFuture.completedStage(published[0]);
  }

  private Deque<Kept> append(Inbox inbox, @Nullable Deque<Kept> before, Event event) {
    Deque<Kept> waiting = before == null ? new ArrayDeque<>(2) : before;
    long end = nanoTime.getAsLong() + MAX_AGE.toNanos();
    Kept kept = new Kept(event, lastNumber.incrementAndGet(), end);
    waiting.addLast(kept);
    byAge.put(kept.number, inbox);
    count.incrementAndGet();
    bytes.addAndGet(kept.bytes());
    if (waiting.size() > MAX_EVENTS) {
      uncount(waiting.removeFirst());
      metrics.lost(Limit.USER, 1);
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

  private void send(Event event) {
    CompletionStage<Void> unused =
        event.cacheTtl().isZero()
            ? broker.publish(event.topic(), Envelope.of(event.content().message(), event.except()))
            : cache.publish(event.topic(), event.content(), event.cacheTtl(), event.except());
  }

  /** The number of the last that waits in one of those channels; 0 if none does. */
  private static long lastOf(Set<Topic> channels, Deque<Kept> waiting) {
    for (Iterator<Kept> each = waiting.descendingIterator(); each.hasNext(); ) {
      Kept kept = each.next();
      if (channels.contains(kept.event.topic())) {
        return kept.number;
      }
    }
    return 0;
  }

  @Override
  public CompletionStage<Long> waiting(Inbox inbox, Set<Topic> of) {
    long[] mark = new long[1];
    held.computeIfPresent(
        inbox,
        (i, waiting) -> {
          mark[0] = lastOf(of, waiting);
          return waiting;
        });
    return CompletableFuture.completedStage(mark[0]);
  }

  @Override
  public CompletionStage<Void> release(Inbox inbox, Set<Topic> of, long mark) {
    held.computeIfPresent(
        inbox,
        (i, before) -> {
          Deque<Kept> waiting = standing(before);
          return waiting == null ? null : release(waiting, of, mark);
        });
    return DONE;
  }

  private @Nullable Deque<Kept> release(Deque<Kept> waiting, Set<Topic> of, long mark) {
    int before = waiting.size();
    for (Iterator<Kept> each = waiting.iterator(); each.hasNext(); ) {
      Kept kept = each.next();
      if (kept.number <= mark && of.contains(kept.event.topic())) {
        each.remove();
        uncount(kept);
        send(kept.event);
      }
    }
    metrics.released(before - waiting.size());
    return waiting.isEmpty() ? null : waiting;
  }

  private void limit() {
    boolean tooMany = count.get() > limits.maxEvents;
    while (tooMany || bytes.get() > limits.maxBytes) {
      Map.Entry<Long, Inbox> oldest = byAge.firstEntry();
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
    Map.Entry<Long, Inbox> oldest = byAge.firstEntry();
    while (oldest != null
        && (drop(oldest, kept -> kept.isOver(now)) || !byAge.containsKey(oldest.getKey()))) {
      oldest = byAge.firstEntry();
    }
    sweepAwaited.set(false);
    sweepLater();
  }

  /** Forgets that event, which is the first of its inbox if it is still there; whether it did. */
  private boolean drop(Map.Entry<Long, Inbox> oldest, Predicate<Kept> condition) {
    boolean[] dropped = new boolean[1];
    held.computeIfPresent(
        oldest.getValue(),
        (i, waiting) -> {
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
