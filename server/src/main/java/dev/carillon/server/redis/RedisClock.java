package dev.carillon.server.redis;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time of Redis, by its last answer that told it: a little late, by the way of that answer,
 * never early.
 *
 * <p>Thread-safe.
 */
final class RedisClock {
  private record Told(Instant time, long nanoTime) {}

  private volatile @Nullable Told told;

  /** Redis has told the time, in microseconds; just now. */
  Instant told(long micros) {
    Instant time = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    told = new Told(time, System.nanoTime());
    return time;
  }

  /** {@code null} before the first answer. */
  @Nullable Instant now() {
    Told last = told;
    return last == null ? null : last.time.plusNanos(System.nanoTime() - last.nanoTime);
  }
}
