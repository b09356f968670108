package dev.carillon.server.held;

import dev.carillon.server.broker.Topic;
import java.util.List;

/**
 * The channels that one user has for itself. What waits for the user is counted and ordered over
 * all of them.
 *
 * <p>Immutable.
 *
 * @param channels one or two, the same whenever it is asked for the user
 */
public record Inbox(List<Topic> channels) {
  /** Defensive copy. */
  public Inbox {
    channels = List.copyOf(channels);
  }
}
