package dev.carillon.server.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Stands in for the HTTP decoder while it is asked whether a client may have its WebSocket, and
 * keeps what the client sends meanwhile. With something kept nothing more is read; before that,
 * reading goes on, so that it is noticed when the client goes. When this goes, what it has kept
 * goes to the WebSocket decoder.
 *
 * <p>Confined to its event loop.
 */
final class HeldBytes extends ChannelInboundHandlerAdapter {
  private final Queue<Object> held = new ArrayDeque<>(1);

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes && !bytes.isReadable()) {
      bytes.release();
      return;
    }
    held.add(message);
    ctx.channel().config().setAutoRead(false);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    held.forEach(ReferenceCountUtil::release);
    held.clear();
    ctx.fireChannelInactive();
  }

  /** A client that goes while it is waited for an answer is no fault of ours. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (held.isEmpty()) {
      return;
    }
    for (Object next = held.poll(); next != null; next = held.poll()) {
      ctx.fireChannelRead(next);
    }
    ctx.fireChannelReadComplete();
  }
}
