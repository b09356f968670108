package dev.carillon.server.connection;

import dev.carillon.protocol.ErrorCode;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.ServerEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * One live connection, whatever carries it. What is written is flushed once, at the end of the
 * event loop's turn ({@link FlushQueue}).
 *
 * <p>Confined to its event loop.
 */
public abstract sealed class Connection permits WebSocketConnection, HttpConnection {

  private final SocketId socketId;
  private final FlushQueue flushQueue;
  private boolean queued;
  private boolean closing;

  Connection(SocketId socketId, FlushQueue flushQueue) {
    this.socketId = socketId;
    this.flushQueue = flushQueue;
  }

  public final SocketId socketId() {
    return socketId;
  }

  /** The loop it lives on. */
  public abstract EventLoop loop();

  /** Sends an event. */
  public final void send(ServerEvent event) {
    send(event.toBytes());
  }

  /** Sends that UTF-8 text as one message. */
  public abstract void send(byte[] text);

  /**
   * Sends a whole WebSocket text frame of {@link Frames} and takes it over; it is dropped if the
   * connection is closing.
   */
  public abstract void write(ByteBuf frame);

  /** Sends an error, then closes with its code. */
  public final void refuse(ErrorCode code, String message) {
    send(new ServerEvent.Failure(code, message));
    close(code.code(), message);
  }

  /**
   * Tells the client that the connection is closed, and no more after it. It ends when the client
   * has heard it, or soon after.
   *
   * @param reason what the client is told, at most 123 bytes
   */
  public abstract void close(int code, String reason);

  /** Closes at a moment of chance within that time: the server shuts down. */
  public final void drain(Duration within, Farewell farewell) {
    long delay = ThreadLocalRandom.current().nextLong(Math.max(1, within.toMillis()));
    loop().schedule(() -> close(farewell.code(), farewell.reason()), delay, TimeUnit.MILLISECONDS);
  }

  /** The connection's end, without a further word. */
  public abstract void end();

  /** Whether the client was told that the connection is closed, or it has ended. */
  public final boolean closing() {
    return closing;
  }

  final void startClosing() {
    closing = true;
  }

  final int maxOutboundBytes() {
    return flushQueue.maxOutboundBytes();
  }

  /** Something was written: it is flushed when the loop has done all else of its turn. */
  final void queue() {
    if (!queued) {
      queued = true;
      flushQueue.add(this);
    }
  }

  /** Flushes what was written; whether the client keeps up. */
  final boolean flushQueued() {
    queued = false;
    return flush();
  }

  /** Flushes what was written; whether the client keeps up. */
  abstract boolean flush();
}
