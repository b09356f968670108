package dev.carillon.server.transport;

import dev.carillon.protocol.channel.SocketIds;
import dev.carillon.protocol.event.ClientEventDecoder;
import dev.carillon.server.app.App;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.connection.WebSocketConnection;
import dev.carillon.server.session.Session;
import dev.carillon.server.session.Sessions;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns an HTTP connection into a WebSocket. The upgrade succeeds for every app path, and a refusal
 * is an error frame and a close code: a client that got an HTTP status instead would take it for a
 * broken network and try for ever.
 *
 * <p>Thread-safe.
 */
final class WebSocketUpgrade {
  /** For connections that are refused: they say nothing that matters. */
  private static final int MAX_REFUSED_BYTES = 65_536;

  private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgrade.class);

  private final Admission admission;
  private final Sessions sessions;
  private final SocketIds socketIds;
  private final ClientEventDecoder decoder = new ClientEventDecoder();

  WebSocketUpgrade(Admission admission, Sessions sessions, SocketIds socketIds) {
    this.admission = admission;
    this.sessions = sessions;
    this.socketIds = socketIds;
  }

  /** Whether a request wants to become a WebSocket. */
  static boolean isAskedFor(HttpRequest request) {
    return request
            .headers()
            .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        && request
            .headers()
            .containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
  }

  /**
   * Upgrades the connection.
   *
   * @param client who asks
   * @param encodedKey what follows {@code /app/}, as it was sent; may be empty
   * @param query the decoded parameters
   */
  void upgrade(
      Channel channel,
      LoopWatch watch,
      HttpRequest request,
      Client client,
      String encodedKey,
      Map<String, List<String>> query) {
    Admission.Outcome outcome =
        admission.admit(watch, client, request.headers(), encodedKey, query);
    if (outcome instanceof Admission.Asked asked) {
      channel
          .pipeline()
          .replace(ServerPipeline.HTTP_DECODER, ServerPipeline.HTTP_DECODER, new HeldBytes());
      admission.await(asked, watch, told -> settle(channel, watch, request, client, told));
    } else {
      settle(channel, watch, request, client, outcome);
    }
  }

  /** Of the request, which may have been released, the headers are read alone. */
  private void settle(
      Channel channel,
      LoopWatch watch,
      HttpRequest request,
      Client client,
      Admission.Outcome outcome) {
    WebSocketConnection connection =
        new WebSocketConnection(socketIds.next(), channel, watch.flushQueue());
    if (outcome instanceof Admission.Admitted admitted) {
      if (channel.isActive()) {
        open(channel, watch, request, client, connection, admitted.hub());
      } else {
        admitted.hub().withdraw(); // gone while it waited
      }
    } else if (outcome instanceof Admission.Refused refused && channel.isActive()) {
      refuse(channel, request, connection, refused);
    }
  }

  private void open(
      Channel channel,
      LoopWatch watch,
      HttpRequest request,
      Client client,
      WebSocketConnection connection,
      Hub hub) {
    App app = hub.app();
    shake(channel, request, app.maxMessageBytes());
    Session session = sessions.open(connection, hub, client.address());
    channel.pipeline().addLast(new SessionHandler(connection, session, app, decoder, watch));
    channel.pipeline().remove(ServerPipeline.HTTP_DECODER);
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          "Connection opened app={} socket_id={} address={} tls={}",
          app.id(),
          connection.socketId(),
          client.address().getHostAddress(),
          client.tls());
    }
  }

  private void refuse(
      Channel channel,
      HttpRequest request,
      WebSocketConnection connection,
      Admission.Refused refused) {
    shake(channel, request, MAX_REFUSED_BYTES);
    connection.refuse(refused.code(), refused.message());
    channel.pipeline().addLast(new RefusedHandler(connection));
    channel.pipeline().remove(ServerPipeline.HTTP_DECODER);
  }

  /**
   * Answers 101, and leaves HTTP but for its decoder: when that goes, as the last, the bytes it has
   * read behind the request go to the WebSocket decoder.
   */
  private static void shake(Channel channel, HttpRequest request, int maxMessageBytes) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
    response
        .headers()
        .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(
            HttpHeaderNames.SEC_WEBSOCKET_ACCEPT,
            accept(String.valueOf(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY))));
    channel.write(response, channel.voidPromise());
    WebSocketDecoderConfig config =
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(maxMessageBytes)
            .closeOnProtocolViolation(false)
            .withUTF8Validator(false)
            .build();
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addAfter(
        ServerPipeline.HTTP_DECODER, "websocket", new WebSocket13FrameDecoder(config));
    pipeline.remove(ServerPipeline.HTTP_ENCODER);
    pipeline.remove(ServerPipeline.HTTP_BODY);
    pipeline.remove(ServerPipeline.HTTP_ROUTER);
    channel.config().setAutoRead(true); // the router stops it while answers are not read
  }

  private static String accept(String key) {
    try {
      byte[] text = (key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
