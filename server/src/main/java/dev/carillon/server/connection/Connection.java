package dev.carillon.server.connection;

import dev.carillon.protocol.ErrorCode;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.ServerEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.util.concurrent.TimeUnit;

/**
 * One live WebSocket. What is written is flushed once, at the end of the event loop's turn ({@link
 * FlushQueue}).
 *
 * <p>Confined to its event loop.
 */
public final class Connection {
  private static final long HARD_CLOSE_SECONDS = 1;

  private final SocketId socketId;
  private final Channel channel;
  private final FlushQueue flushQueue;
  private boolean queued;
  private boolean closing;

  public Connection(SocketId socketId, Channel channel, FlushQueue flushQueue) {
    this.socketId = socketId;
    this.channel = channel;
    this.flushQueue = flushQueue;
  }

  public SocketId socketId() {
    return socketId;
  }

  public EventLoop loop() {
    return channel.eventLoop();
  }

  /** Sends an event. */
  public void send(ServerEvent event) {
    send(event.toBytes());
  }

  /** Sends a text frame with that UTF-8 text. */
  public void send(byte[] text) {
    write(Frames.text(channel.alloc(), text));
  }

  /** Sends a WebSocket PING. */
  public void ping() {
    write(Frames.ping(channel.alloc()));
  }

  /** Answers a WebSocket PING. The payload stays the caller's. */
  public void pong(ByteBuf payload) {
    write(Frames.pong(channel.alloc(), payload));
  }

  /** Sends a whole frame and takes it over; it is dropped if the connection is closing. */
  public void write(ByteBuf frame) {
    assert channel.eventLoop().inEventLoop() : "written from another thread";
    if (closing) {
      frame.release();
      return;
    }
    admit(frame.readableBytes());
    channel.write(frame, channel.voidPromise());
    if (!queued) {
      queued = true;
      flushQueue.add(this);
    }
  }

  /** Sends an error, then closes with its code. */
  public void refuse(ErrorCode code, String message) {
    send(new ServerEvent.Failure(code, message));
    close(code.code(), message);
  }

  /**
   * Sends a close frame and no more after it. The connection ends when the client has answered, or
   * after a second.
   *
   * @param reason what the client is told, at most 123 bytes
   */
  public void close(int code, String reason) {
    if (closing) {
      return;
    }
    closing = true;
    channel.writeAndFlush(Frames.close(channel.alloc(), code, reason), channel.voidPromise());
    loop().schedule(() -> channel.close(), HARD_CLOSE_SECONDS, TimeUnit.SECONDS);
  }

  /** Whether a close frame was sent. */
  public boolean closing() {
    return closing;
  }

  /** The connection's end, without a further word. */
  public void end() {
    closing = true;
    channel.close();
  }

  /**
   * Flushes what was written. The write watermark is the limit of a connection: what the socket did
   * not take and is more than that belongs to a client that does not read.
   *
   * @return whether the client keeps up
   */
  boolean flush() {
    queued = false;
    channel.flush();
    return channel.isWritable() || closing || !channel.isActive();
  }

  /**
   * One frame may be larger than the whole limit, a long member list for example; it must not count
   * as a backlog.
   */
  private void admit(int frameBytes) {
    if (frameBytes > flushQueue.maxOutboundBytes() / 2) {
      int mark = frameBytes + flushQueue.maxOutboundBytes();
      if (mark > channel.config().getWriteBufferHighWaterMark()) {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(mark, mark));
      }
    }
  }
}
