package dev.carillon.server.connection;

import dev.carillon.protocol.ErrorCode;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * The connections of one event loop that have something to flush. They are flushed together when
 * the loop has done all else of its turn, so a connection that gets several frames in a turn costs
 * one system call. Why: docs/adr/0002.
 *
 * <p>Confined to its event loop.
 */
public final class FlushQueue implements Runnable {

  private final SingleThreadEventLoop loop;
  private final int maxOutboundBytes;
  private final Runnable slowConsumer;
  private List<Connection> waiting = new ArrayList<>();
  private List<Connection> flushing = new ArrayList<>();

  /**
   * One for each event loop.
   *
   * @param maxOutboundBytes may wait for one connection
   * @param slowConsumer called for each connection that is closed for that limit
   */
  public FlushQueue(EventLoop loop, int maxOutboundBytes, Runnable slowConsumer) {
    this.loop = (SingleThreadEventLoop) loop;
    this.maxOutboundBytes = maxOutboundBytes;
    this.slowConsumer = slowConsumer;
  }

  int maxOutboundBytes() {
    return maxOutboundBytes;
  }

  void add(Connection connection) {
    waiting.add(connection);
    if (waiting.size() == 1) {
      loop.executeAfterEventLoopIteration(this);
    }
  }

  @Override
  public void run() {
    List<Connection> ready = waiting;
    waiting = flushing;
    flushing = ready;
    for (Connection connection : ready) {
      if (!connection.flushQueued()) {
        slowConsumer.run();
        connection.close(ErrorCode.OVER_CAPACITY.code(), "Slow consumer");
      }
    }
    ready.clear();
  }
}
