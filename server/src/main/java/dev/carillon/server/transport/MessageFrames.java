package dev.carillon.server.transport;

import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/** Tells the frames apart that carry a message. */
final class MessageFrames {
  private MessageFrames() {}

  static boolean isMessage(WebSocketFrame frame) {
    return frame instanceof TextWebSocketFrame
        || frame instanceof BinaryWebSocketFrame
        || frame instanceof ContinuationWebSocketFrame;
  }

  static boolean isBinary(WebSocketFrame frame) {
    return frame instanceof BinaryWebSocketFrame;
  }
}
