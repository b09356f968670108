package dev.carillon.server.connection;

import dev.carillon.protocol.channel.SocketId;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.util.concurrent.TimeUnit;

/**
 * One live WebSocket.
 *
 * <p>Confined to its event loop.
 */
public final class WebSocketConnection extends Connection {
  private static final long HARD_CLOSE_SECONDS = 1;

  private final Channel channel;

  public WebSocketConnection(SocketId socketId, Channel channel, FlushQueue flushQueue) {
    super(socketId, flushQueue);
    this.channel = channel;
  }

  @Override
  public EventLoop loop() {
    return channel.eventLoop();
  }

  @Override
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

  @Override
  public void write(ByteBuf frame) {
    assert channel.eventLoop().inEventLoop() : "written from another thread";
    if (closing()) {
      frame.release();
      return;
    }
    admit(frame.readableBytes());
    channel.write(frame, channel.voidPromise());
    queue();
  }

  /**
   * Sends a close frame and no more after it. The connection ends when the client has answered, or
   * after a second.
   */
  @Override
  public void close(int code, String reason) {
    if (closing()) {
      return;
    }
    startClosing();
    channel.writeAndFlush(Frames.close(channel.alloc(), code, reason), channel.voidPromise());
    loop().schedule(() -> channel.close(), HARD_CLOSE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void end() {
    startClosing();
    channel.close();
  }

  /**
   * Flushes what was written. The write watermark is the limit of a connection: what the socket did
   * not take and is more than that belongs to a client that does not read.
   */
  @Override
  boolean flush() {
    channel.flush();
    return channel.isWritable() || closing() || !channel.isActive();
  }

  /**
   * One frame may be larger than the whole limit, a long member list for example; it must not count
   * as a backlog.
   */
  private void admit(int frameBytes) {
    if (frameBytes > maxOutboundBytes() / 2) {
      int mark = frameBytes + maxOutboundBytes();
      if (mark > channel.config().getWriteBufferHighWaterMark()) {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(mark, mark));
      }
    }
  }
}
