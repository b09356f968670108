package dev.carillon.server.support.redis;

import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a redis-server prints, by which one knows how it is. Thread-safe. */
final class RedisLog {
  static final int SECONDS_AT_MOST = 10;

  private static final List<String> READY =
      List.of("Ready to accept connections", "Sentinel ID is ");

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

  void add(String line) {
    lines.add(line);
    if (READY.stream().anyMatch(line::contains)) {
      ready.complete(true);
    }
  }

  /** There will be no more. */
  void end() {
    ready.complete(false);
    ended.complete(true);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /** Waits until it listens; {@code false} if it ended instead, or is not ready in time. */
  boolean isReady() {
    return await(ready);
  }

  /** Waits until it has printed its last; {@code false} if it has not in time. */
  boolean isComplete() {
    return await(ended);
  }

  private static boolean await(CompletableFuture<Boolean> future) {
    try {
      return future.get(SECONDS_AT_MOST, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** That it did not start, in its own words. */
  IOException failure() {
    return new IOException("redis-server did not start:\n" + this);
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
