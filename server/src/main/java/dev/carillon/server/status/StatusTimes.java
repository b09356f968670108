package dev.carillon.server.status;

import dev.carillon.server.config.StatusRules;
import java.time.Duration;

/**
 * The times of the rules.
 *
 * <p>Immutable.
 *
 * @param offlineAfter from when the last device has gone until the user is offline
 * @param idleAfter without activity, until a device is idle
 * @param awayAfter without activity, until a device is away
 * @param coalesce over which automatic changes of one user are told together
 * @param retention for which the record of an offline user is kept
 */
public record StatusTimes(
    Duration offlineAfter,
    Duration idleAfter,
    Duration awayAfter,
    Duration coalesce,
    Duration retention) {
  private static final Duration LONGEST_LINGER = Duration.ofSeconds(30);
  private static final Duration LONGEST_WRITE = Duration.ofSeconds(30);

  /** As documented. */
  public static StatusTimes defaults() {
    return of(StatusRules.defaults());
  }

  /** Those that are configured. */
  public static StatusTimes of(StatusRules rules) {
    return new StatusTimes(
        rules.offlineAfter(),
        rules.idleAfter(),
        rules.awayAfter(),
        rules.coalesce(),
        rules.retention());
  }

  /** For how long a device whose connection has closed is shown beside others. */
  public Duration linger() {
    return offlineAfter.compareTo(LONGEST_LINGER) < 0 ? offlineAfter : LONGEST_LINGER;
  }

  /**
   * How long activity of a device may wait to be written; so short that what is written is the
   * latest by the time at which the device would be idle.
   */
  public Duration activityWrites() {
    Duration half = idleAfter.dividedBy(2);
    return half.compareTo(LONGEST_WRITE) < 0 ? half : LONGEST_WRITE;
  }
}
