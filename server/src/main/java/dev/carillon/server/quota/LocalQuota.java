package dev.carillon.server.quota;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections of a single node.
 *
 * <p>Thread-safe.
 */
public final class LocalQuota implements Quota {
  // One of each for all: connecting costs no object more.
  private static final CompletableFuture<Boolean> COUNTED = CompletableFuture.completedFuture(true);
  private static final CompletableFuture<Boolean> FULL = CompletableFuture.completedFuture(false);

  private final ConcurrentMap<String, AtomicInteger> counts = new ConcurrentHashMap<>();

  @Override
  public CompletionStage<Boolean> enter(String appId, int max) {
    int allowed = max == 0 ? Integer.MAX_VALUE : max;
    AtomicInteger count = of(appId);
    int before = count.get();
    while (before < allowed) {
      if (count.compareAndSet(before, before + 1)) {
        return COUNTED;
      }
      before = count.get();
    }
    return FULL;
  }

  @Override
  public void leave(String appId) {
    of(appId).getAndUpdate(count -> Math.max(0, count - 1));
  }

  @Override
  public CompletionStage<Integer> count(String appId) {
    return CompletableFuture.completedStage(of(appId).get());
  }

  private AtomicInteger of(String appId) {
    AtomicInteger known = counts.get(appId);
    return known == null ? counts.computeIfAbsent(appId, id -> new AtomicInteger()) : known;
  }
}
