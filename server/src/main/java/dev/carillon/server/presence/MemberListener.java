package dev.carillon.server.presence;

import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Topic;

/**
 * Is told who comes and goes, in the order in which it is decided, before it is published.
 *
 * <p>Thread-safe; must not block.
 */
public interface MemberListener {
  /** A user's first connection joined. */
  void memberAdded(Topic topic, UserId user);

  /** A user's last connection left. */
  void memberRemoved(Topic topic, UserId user);
}
