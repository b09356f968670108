package dev.carillon.server.occupancy;

import dev.carillon.server.broker.Topic;
import java.util.concurrent.CompletionStage;

/**
 * Which channels have subscribers, and how many. Of all nodes' subscribers it decides who is the
 * first and who the last, and tells an {@link OccupancyListener}.
 *
 * <p>Thread-safe.
 */
public interface Occupancy {
  /**
   * One more connection is subscribed. Completes when everybody who asks is told of it; has it
   * failed, the connection leaves nevertheless.
   *
   * @throws dev.carillon.server.broker.UnavailableException if too many wait for that already; then
   *     the connection has not entered
   */
  CompletionStage<Void> entered(Topic topic);

  /** One connection less is subscribed: whoever asks on this node from now on is told of it. */
  void left(Topic topic);

  /** How many connections are subscribed to that channel. */
  CompletionStage<Integer> subscriptions(Topic topic);
}
