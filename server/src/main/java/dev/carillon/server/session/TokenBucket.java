package dev.carillon.server.session;

import java.util.function.LongSupplier;

/**
 * Lets so many through in a second, and as many at once.
 *
 * <p>Confined to one thread.
 */
final class TokenBucket {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final int perSecond;
  private final LongSupplier nanoTime;
  private long filledAt;
  private double tokens;

  /**
   * A full bucket.
   *
   * @param nanoTime the time in nanoseconds, from any origin
   */
  TokenBucket(int perSecond, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
    this.tokens = perSecond;
    this.filledAt = nanoTime.getAsLong();
  }

  /** Takes a token; whether there was one. */
  boolean take() {
    long now = nanoTime.getAsLong();
    tokens = Math.min(perSecond, tokens + (double) (now - filledAt) * perSecond / NANOS_PER_SECOND);
    filledAt = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
