package dev.carillon.server.idempotency;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The requests of this node, in memory. What is over is swept away, as long as there is anything.
 * Beyond a number of requests or of bytes the oldest are forgotten before their time, which {@link
 * Observer} is told.
 *
 * <p>Thread-safe.
 */
public final class LocalIdempotency implements Idempotency {
  /** How often to forget what is over, as long as there is anything. */
  public static final Duration SWEEP = Duration.ofSeconds(10);

  private static final int MAX_REQUESTS = 50_000;
  private static final long MAX_BYTES = 16L << 20;

  /** What an entry takes besides its key and its answer: objects, map and queue; estimated. */
  private static final long ENTRY_BYTES = 400;

  /** Is told what is remembered. Thread-safe. */
  public interface Observer {
    /** So many requests more, or less, are remembered. */
    void remembered(int change);

    /** A request was forgotten before its time: too many, or too large ones, came after it. */
    void forgottenEarly();
  }

  /** A request that is remembered; {@code bytes} is touched under its map entry only. */
  private static final class Entry {
    private final RequestName name;
    private final String fingerprint;
    private final long begunAt;
    private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
    private long bytes;

    Entry(RequestName name, String fingerprint, long begunAt) {
      this.name = name;
      this.fingerprint = fingerprint;
      this.begunAt = begunAt;
      this.bytes = ENTRY_BYTES + name.key().value().length();
    }
  }

  private final ConcurrentMap<RequestName, Entry> entries = new ConcurrentHashMap<>();

  /** In the order they came; it also has those that were taken out of the map in between. */
  private final Queue<Entry> order = new ConcurrentLinkedQueue<>();

  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicBoolean sweepAwaited = new AtomicBoolean();
  private final Observer observer;
  private final LongSupplier nanoTime;
  private final Executor afterSweepTime;
  private final int maxRequests;
  private final long maxBytes;

  /**
   * Remembers at most 50 000 requests and 16 MiB.
   *
   * @param nanoTime the time in nanoseconds, from any origin
   * @param afterSweepTime runs what it is given {@link #SWEEP} later
   */
  public LocalIdempotency(Observer observer, LongSupplier nanoTime, Executor afterSweepTime) {
    this(observer, nanoTime, afterSweepTime, MAX_REQUESTS, MAX_BYTES);
  }

  LocalIdempotency(
      Observer observer,
      LongSupplier nanoTime,
      Executor afterSweepTime,
      int maxRequests,
      long maxBytes) {
    this.observer = observer;
    this.nanoTime = nanoTime;
    this.afterSweepTime = afterSweepTime;
    this.maxRequests = maxRequests;
    this.maxBytes = maxBytes;
  }

  @Override
  public CompletionStage<Answer> once(
      RequestName name, String fingerprint, Supplier<CompletionStage<byte[]>> request) {
    Entry mine = new Entry(name, fingerprint, nanoTime.getAsLong());
    Entry first = entries.compute(name, (n, existing) -> claimed(existing, mine));
    if (first == mine) {
      order.add(mine);
      queued.incrementAndGet();
      trim(mine.begunAt);
      sweepLater();
      run(mine, request);
    } else if (!first.fingerprint.equals(fingerprint)) {
      return CompletableFuture.failedStage(name.usedByAnother());
    }
    return first.answer.thenApply(body -> new Answer(body, first != mine));
  }

  /** Under the map's entry. */
  private Entry claimed(@Nullable Entry existing, Entry mine) {
    if (existing != null && !isOver(existing, mine.begunAt)) {
      return existing;
    }
    if (existing == null) {
      observer.remembered(1);
    } else {
      bytes.addAndGet(-existing.bytes);
    }
    bytes.addAndGet(mine.bytes);
    return mine;
  }

  private static boolean isOver(Entry entry, long now) {
    return now - entry.begunAt >= REMEMBERED.toNanos();
  }

  private void run(Entry entry, Supplier<CompletionStage<byte[]>> request) {
    CompletionStage<byte[]> done;
    try {
      done = request.get();
    } catch (RuntimeException failure) {
      done = CompletableFuture.failedStage(failure);
    }
    done.whenComplete(
        (body, failure) -> {
          if (failure == null) {
            keep(entry, body);
            entry.answer.complete(body);
          } else {
            forget(entry);
            entry.answer.completeExceptionally(failure);
          }
        });
  }

  private void keep(Entry entry, byte[] body) {
    entries.computeIfPresent(
        entry.name,
        (name, current) -> {
          if (current == entry) {
            entry.bytes += body.length;
            bytes.addAndGet(body.length);
          }
          return current;
        });
  }

  /** Takes a request out, if it is still the one of its name; whether it was. */
  private boolean forget(Entry entry) {
    boolean[] was = new boolean[1];
    entries.computeIfPresent(
        entry.name,
        (name, current) -> {
          if (current != entry) {
            return current;
          }
          bytes.addAndGet(-entry.bytes);
          observer.remembered(-1);
          was[0] = true;
          return null;
        });
    return was[0];
  }

  private void sweepLater() {
    if (!order.isEmpty() && sweepAwaited.compareAndSet(false, true)) {
      afterSweepTime.execute(this::sweep);
    }
  }

  private void sweep() {
    trim(nanoTime.getAsLong());
    sweepAwaited.set(false);
    sweepLater();
  }

  /** Oldest first: what is over, and what is too much. */
  private void trim(long now) {
    for (Entry oldest = order.peek(); oldest != null; oldest = order.peek()) {
      boolean over = isOver(oldest, now);
      if (!over && queued.get() <= maxRequests && bytes.get() <= maxBytes) {
        return;
      }
      if (order.remove(oldest)) {
        queued.decrementAndGet();
        if (forget(oldest) && !over) {
          observer.forgottenEarly();
        }
      }
    }
  }
}
