package dev.carillon.server.transport;

import dev.carillon.protocol.ErrorCode;
import dev.carillon.protocol.channel.SocketIds;
import dev.carillon.protocol.event.ClientEventDecoder;
import dev.carillon.server.app.App;
import dev.carillon.server.app.Apps;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.channel.Hubs;
import dev.carillon.server.connection.Connection;
import dev.carillon.server.metrics.Metrics;
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
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

  private final Apps apps;
  private final Hubs hubs;
  private final Sessions sessions;
  private final SocketIds socketIds;
  private final Metrics metrics;
  private final ClientEventDecoder decoder = new ClientEventDecoder();

  WebSocketUpgrade(Apps apps, Hubs hubs, Sessions sessions, SocketIds socketIds, Metrics metrics) {
    this.apps = apps;
    this.hubs = hubs;
    this.sessions = sessions;
    this.socketIds = socketIds;
    this.metrics = metrics;
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

  /** Why a connection may not be. */
  private record Refusal(ErrorCode code, String message) {}

  /**
   * Upgrades the connection.
   *
   * @param encodedKey what follows {@code /app/}, as it was sent; may be empty
   * @param query the decoded parameters
   */
  void upgrade(
      Channel channel,
      LoopWatch watch,
      HttpRequest request,
      String encodedKey,
      Map<String, List<String>> query) {
    String key = decoded(encodedKey);
    Connection connection = new Connection(socketIds.next(), channel, watch.flushQueue());
    App app = apps.withKey(key).orElse(null);
    if (app == null) {
      Refusal refusal =
          key.isEmpty()
              ? new Refusal(ErrorCode.PATH_NOT_FOUND, "Path not found: expected /app/<key>")
              : new Refusal(ErrorCode.APP_UNKNOWN, "App key " + key + " does not exist");
      refuse(channel, request, connection, refusal);
      return;
    }
    Hub hub = hubs.of(app);
    Refusal refusal = refusal(watch, app, request, query);
    if (refusal == null && !hub.connect()) {
      refusal =
          new Refusal(
              ErrorCode.OVER_QUOTA,
              "The app has " + app.maxConnections() + " connections, as many as it may");
    }
    if (refusal != null) {
      refuse(channel, request, connection, refusal);
      return;
    }
    shake(channel, request, app.maxMessageBytes());
    metrics.handshake();
    Session session = sessions.open(connection, hub);
    channel.pipeline().addLast(new SessionHandler(connection, session, app, decoder, watch));
    channel.pipeline().remove(ServerPipeline.HTTP_DECODER);
    LOG.debug("Connection opened app={} socket_id={}", app.id(), connection.socketId());
  }

  private static String decoded(String encodedKey) {
    try {
      return QueryStringDecoder.decodeComponent(encodedKey);
    } catch (IllegalArgumentException e) {
      return encodedKey; // it is no app's key, and is refused as such
    }
  }

  private static @Nullable Refusal refusal(
      LoopWatch watch, App app, HttpRequest request, Map<String, List<String>> query) {
    if (watch.draining()) {
      return new Refusal(ErrorCode.OVER_CAPACITY, "Server is shutting down");
    }
    if (!app.enabled()) {
      return new Refusal(ErrorCode.APP_DISABLED, "App " + app.id() + " is disabled");
    }
    if (app.forceTls()) {
      return new Refusal(ErrorCode.TLS_REQUIRED, "The app takes TLS connections only (wss)");
    }
    String protocol = query.getOrDefault("protocol", List.of("7")).get(0);
    if (!ProtocolVersion.isSpoken(protocol)) {
      return new Refusal(
          ErrorCode.UNSUPPORTED_PROTOCOL,
          "Unsupported protocol version: got '" + protocol + "', allowed are 4 and above");
    }
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    if (origin != null && !app.allowsOrigin(Origin.host(origin))) {
      return new Refusal(ErrorCode.UNAUTHORIZED, "Origin not allowed");
    }
    return null;
  }

  private void refuse(
      Channel channel, HttpRequest request, Connection connection, Refusal refusal) {
    shake(channel, request, MAX_REFUSED_BYTES);
    metrics.handshakeRefused(refusal.code.code());
    connection.refuse(refusal.code, refusal.message);
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
