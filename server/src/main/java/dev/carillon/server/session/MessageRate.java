package dev.carillon.server.session;

import dev.carillon.server.config.RateLimiting;
import java.util.function.LongSupplier;

/**
 * Counts a connection's messages as Reverb does: so many from a first one on, until the time is
 * over and the next one is the first.
 *
 * <p>Confined to the connection's event loop.
 */
final class MessageRate {
  private final RateLimiting limit;
  private final LongSupplier nanoTime;
  private long begunAt;
  private int count;

  /**
   * Nothing was counted yet.
   *
   * @param nanoTime the time in nanoseconds, from any origin
   */
  MessageRate(RateLimiting limit, LongSupplier nanoTime) {
    this.limit = limit;
    this.nanoTime = nanoTime;
  }

  /** Counts a message; whether it may be handled. */
  boolean take() {
    long now = nanoTime.getAsLong();
    if (count == 0 || now - begunAt >= limit.decay().toNanos()) {
      begunAt = now;
      count = 0;
    }
    if (count == limit.maxAttempts()) {
      return false;
    }
    count++;
    return true;
  }
}
