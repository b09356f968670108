package dev.carillon.server.occupancy;

import dev.carillon.server.broker.Topic;

/**
 * Is told which channels are occupied and vacated, in the order in which it is decided, before
 * anybody sees it. Of several nodes only the one that has decided it is told.
 *
 * <p>Thread-safe; must not block.
 */
public interface OccupancyListener {
  /** The first subscriber came. */
  void channelOccupied(Topic topic);

  /** The last subscriber went. */
  void channelVacated(Topic topic);
}
