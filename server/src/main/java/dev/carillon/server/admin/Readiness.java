package dev.carillon.server.admin;

/**
 * Whether this node wants traffic, and if not, why.
 *
 * <p>Thread-safe.
 */
public final class Readiness {
  private volatile String reason = "starting";

  /** It wants traffic. */
  public synchronized void ready() {
    if (starting()) {
      reason = "";
    }
  }

  /** Whether it does not want any yet. */
  public boolean starting() {
    return reason.equals("starting");
  }

  /** It wants no more. */
  public synchronized void draining() {
    reason = "draining";
  }

  /** Why it wants none; empty if it wants traffic. */
  String reason() {
    return reason;
  }
}
