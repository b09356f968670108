package dev.carillon.server.transport;

import dev.carillon.server.connection.WebSocketConnection;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * The end of a WebSocket that was refused: what it says is dropped until it has answered the close
 * frame.
 */
final class RefusedHandler extends ChannelInboundHandlerAdapter {
  private final WebSocketConnection connection;

  RefusedHandler(WebSocketConnection connection) {
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof CloseWebSocketFrame) {
      connection.end();
    }
    ReferenceCountUtil.release(message);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    connection.end();
  }
}
