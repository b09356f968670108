package dev.carillon.server.support;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what no message tells of. */
public final class Await {
  private static final Duration AT_MOST = Duration.ofSeconds(10);
  private static final Duration INTERVAL = Duration.ofMillis(1);

  private Await() {}

  /** Asks again and again, until it is so. */
  public static void until(String what, BooleanSupplier condition) {
    until(what, AT_MOST, INTERVAL, condition);
  }

  /** Asks in intervals, until it is so; for what another process is asked for, and takes long. */
  public static void until(
      String what, Duration atMost, Duration interval, BooleanSupplier condition) {
    long begin = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begin > atMost.toNanos()) {
        throw new AssertionError("not within " + atMost + ": " + what);
      }
      LockSupport.parkNanos(interval.toNanos());
    }
  }
}
