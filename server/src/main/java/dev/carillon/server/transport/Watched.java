package dev.carillon.server.transport;

import dev.carillon.server.connection.Farewell;
import java.time.Duration;

/**
 * A connection of an event loop, before or after its upgrade.
 *
 * <p>Confined to its event loop.
 */
interface Watched {
  /** Called once a second: the moment to see whether the peer is still there. */
  void tick(int nowSeconds);

  /** The server is going: end within that time. */
  void drain(Duration within, Farewell farewell);

  /** Where it stands in its loop's list; kept for {@link LoopWatch}. */
  int slot();

  void slot(int index);
}
