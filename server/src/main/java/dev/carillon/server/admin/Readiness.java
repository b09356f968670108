package dev.carillon.server.admin;

import java.util.function.BooleanSupplier;

/**
 * Whether this node wants traffic, and if not, why.
 *
 * <p>Thread-safe.
 */
public final class Readiness {
  private static final String STARTING = "starting";
  private static final String DRAINING = "draining";
  private static final String AWAY = "Redis cannot be reached";

  private final BooleanSupplier reachable;
  private volatile String reason = STARTING;

  /**
   * Starting.
   *
   * @param reachable whether what nodes share can be reached
   */
  public Readiness(BooleanSupplier reachable) {
    this.reachable = reachable;
  }

  /** It wants traffic. */
  public synchronized void ready() {
    if (reason.equals(STARTING)) {
      reason = "";
    }
  }

  /** It wants no more. */
  public synchronized void drain() {
    reason = DRAINING;
  }

  /** Whether it wants no more. */
  public boolean draining() {
    return reason.equals(DRAINING);
  }

  /** Why it wants none; empty if it wants traffic. */
  String reason() {
    String own = reason;
    return own.isEmpty() && !reachable.getAsBoolean() ? AWAY : own;
  }
}
