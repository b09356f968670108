package dev.carillon.server.occupancy;

import dev.carillon.server.broker.Topic;

/**
 * Is told of channels whose number of subscriptions has changed though nobody came or went on this
 * node: another died, or this one has put its own back.
 *
 * <p>Thread-safe; must not block.
 */
@FunctionalInterface
public interface CountListener {
  /** What is counted in that channel now is not what was counted before. */
  void recounted(Topic topic);
}
