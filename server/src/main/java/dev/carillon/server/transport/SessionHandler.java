package dev.carillon.server.transport;

import dev.carillon.protocol.ErrorCode;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.Utf8;
import dev.carillon.protocol.event.ClientEventDecoder;
import dev.carillon.server.app.App;
import dev.carillon.server.connection.Farewell;
import dev.carillon.server.connection.WebSocketConnection;
import dev.carillon.server.session.Session;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What comes in on a WebSocket: messages go to the session, pings are answered, silence is ended.
 * With the decoder before it, it is all that an upgraded connection keeps.
 *
 * <p>Confined to its event loop.
 */
final class SessionHandler extends ChannelInboundHandlerAdapter implements Watched {
  private static final Logger LOG = LoggerFactory.getLogger(SessionHandler.class);

  private final WebSocketConnection connection;
  private final Session session;
  private final App app;
  private final ClientEventDecoder decoder;
  private final LoopWatch watch;
  private @Nullable PartialMessage partial;
  private int heardAt;
  private boolean heard;
  private boolean pinged;
  private int slot;

  SessionHandler(
      WebSocketConnection connection,
      Session session,
      App app,
      ClientEventDecoder decoder,
      LoopWatch watch) {
    this.connection = connection;
    this.session = session;
    this.app = app;
    this.decoder = decoder;
    this.watch = watch;
    this.heardAt = watch.nowSeconds();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    watch.add(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    heard = true;
    try {
      if (!connection.closing() && message instanceof WebSocketFrame frame) {
        frame(frame);
      } else if (message instanceof CloseWebSocketFrame) {
        connection.end();
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void frame(WebSocketFrame frame) {
    if (frame instanceof PingWebSocketFrame) {
      connection.pong(frame.content());
    } else if (frame instanceof CloseWebSocketFrame close) {
      closedByClient(close);
    } else if (MessageFrames.isMessage(frame)) {
      message(frame);
    }
  }

  /** A text or binary message, whole or in parts. */
  private void message(WebSocketFrame frame) {
    PartialMessage begun = partial;
    if (begun == null) {
      boolean binary = MessageFrames.isBinary(frame);
      if (frame.isFinalFragment()) {
        message(ByteBufUtil.getBytes(frame.content()), binary);
      } else {
        partial = new PartialMessage(binary, frame.content());
      }
      return;
    }
    if (begun.size() + frame.content().readableBytes() > app.maxMessageBytes()) {
      tooBig();
      return;
    }
    begun.add(frame.content());
    if (frame.isFinalFragment()) {
      partial = null;
      message(begun.bytes(), begun.binary());
    }
  }

  private void message(byte[] message, boolean binary) {
    if (!session.admits()) {
      return;
    }
    try {
      if (!Utf8.isValid(message)) {
        if (!binary) {
          connection.close(WebSocketCloseStatus.INVALID_PAYLOAD_DATA.code(), "Invalid UTF-8");
          return;
        }
        throw ProtocolException.invalid("Invalid message format");
      }
      decoder.decode(message).dispatch(session);
    } catch (ProtocolException mistake) {
      session.refuse(mistake);
    }
  }

  private void closedByClient(CloseWebSocketFrame close) {
    int code = close.statusCode();
    connection.close(code == -1 ? WebSocketCloseStatus.NORMAL_CLOSURE.code() : code, "");
    connection.end();
  }

  private void tooBig() {
    connection.close(
        WebSocketCloseStatus.MESSAGE_TOO_BIG.code(),
        "Message too big, allowed are " + app.maxMessageBytes() + " bytes");
  }

  @Override
  public void tick(int nowSeconds) {
    session.tick();
    if (heard) {
      heard = false;
      pinged = false;
      heardAt = nowSeconds;
      return;
    }
    long silent = (long) nowSeconds - heardAt;
    long pingAfter = app.pingInterval().toSeconds();
    if (silent >= pingAfter + app.pongTimeout().toSeconds()) {
      connection.refuse(ErrorCode.PONG_MISSING, "Pong reply not received in time");
    } else if (silent >= pingAfter && !pinged) {
      pinged = true;
      connection.ping();
    }
  }

  @Override
  public void drain(Duration within, Farewell farewell) {
    connection.drain(within, farewell);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    watch.remove(this);
    session.closed();
    LOG.debug("Connection closed app={} socket_id={}", app.id(), connection.socketId());
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    Throwable root =
        cause.getCause() instanceof CorruptedWebSocketFrameException inner ? inner : cause;
    if (root instanceof CorruptedWebSocketFrameException corrupted) {
      if (corrupted.closeStatus().code() == WebSocketCloseStatus.MESSAGE_TOO_BIG.code()) {
        tooBig();
      } else {
        connection.close(corrupted.closeStatus().code(), "Protocol error");
      }
    } else if (cause instanceof IOException) {
      connection.end();
    } else {
      LOG.error("Connection failed app={} socket_id={}", app.id(), connection.socketId(), cause);
      connection.refuse(ErrorCode.OVER_CAPACITY, "Internal error");
    }
  }

  @Override
  public int slot() {
    return slot;
  }

  @Override
  public void slot(int index) {
    slot = index;
  }

  /** The parts of a message that has not ended. */
  private static final class PartialMessage {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final boolean binary;

    PartialMessage(boolean binary, ByteBuf first) {
      this.binary = binary;
      add(first);
    }

    void add(ByteBuf part) {
      bytes.writeBytes(ByteBufUtil.getBytes(part));
    }

    int size() {
      return bytes.size();
    }

    boolean binary() {
      return binary;
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
