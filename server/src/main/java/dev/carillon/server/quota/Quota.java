package dev.carillon.server.quota;

import java.util.concurrent.CompletionStage;

/**
 * How many connections each app has, so that it has no more than it may.
 *
 * <p>Thread-safe.
 */
public interface Quota {
  /**
   * Counts a connection in, unless the app has as many as it may.
   *
   * @param max how many it may have; 0 for no limit
   * @return completes with whether the connection was counted; it was not if this fails
   */
  CompletionStage<Boolean> enter(String appId, int max);

  /** Counts a connection out that was counted in. */
  void leave(String appId);

  /** How many connections the app has. */
  CompletionStage<Integer> count(String appId);
}
