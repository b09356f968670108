package dev.carillon.auth.outbound;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets one through in a minute: for what would otherwise fill the log at others' pace.
 *
 * <p>Thread-safe.
 */
public final class OncePerMinute {
  private static final long MINUTE_MILLIS = 60_000;

  private final InstantSource clock;
  private final AtomicLong last = new AtomicLong(Long.MIN_VALUE / 2);

  public OncePerMinute(InstantSource clock) {
    this.clock = clock;
  }

  /** Whether it is time. */
  public boolean now() {
    long now = clock.millis();
    long before = last.get();
    return now - before >= MINUTE_MILLIS && last.compareAndSet(before, now);
  }
}
