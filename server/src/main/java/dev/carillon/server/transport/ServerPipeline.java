package dev.carillon.server.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;

/**
 * What a connection passes through.
 *
 * <p>As HTTP, in this order:
 *
 * <ol>
 *   <li>{@link ProxyProtocol}, of a trusted proxy's connection only: a PROXY header, if one comes
 *       first; then it is gone
 *   <li>{@code HttpRequestDecoder}, {@code HttpResponseEncoder}: bytes to requests, answers to
 *       bytes
 *   <li>{@link HttpBody}: a whole request, within {@code max_request_size}
 *   <li>{@link HttpRouter}: {@code /app/<key>} to {@link WebSocketUpgrade}, {@code /pusher/…} to
 *       {@link HttpFallbacks}, {@code /apps/…} to the API, {@code /up}
 * </ol>
 *
 * <p>As a WebSocket only:
 *
 * <ol>
 *   <li>{@code WebSocket13FrameDecoder}: bytes to frames. Frames go out as whole buffers, so there
 *       is no encoder
 *   <li>{@link SessionHandler}: messages to the session, pings, silence, the end
 * </ol>
 */
final class ServerPipeline extends ChannelInitializer<Channel> {
  static final String HTTP_DECODER = "http-decoder";
  static final String HTTP_ENCODER = "http-encoder";
  static final String HTTP_BODY = "http-body";
  static final String HTTP_ROUTER = "http-router";

  /** So many that the ids of a thousand users fit into a query. */
  private static final int MAX_LINE_BYTES = 65_536;

  private static final int MAX_HEADER_BYTES = 16_384;

  private final int maxRequestBytes;
  private final Routes routes;
  private final EventLoops loops;

  ServerPipeline(int maxRequestBytes, Routes routes, EventLoops loops) {
    this.maxRequestBytes = maxRequestBytes;
    this.routes = routes;
    this.loops = loops;
  }

  @Override
  protected void initChannel(Channel channel) {
    LoopWatch watch = loops.watch(channel.eventLoop());
    HttpDecoderConfig config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES);
    HttpRouter router = new HttpRouter(routes, watch);
    channel
        .pipeline()
        .addLast(HTTP_DECODER, new HttpRequestDecoder(config))
        .addLast(HTTP_ENCODER, new HttpResponseEncoder())
        .addLast(HTTP_BODY, new HttpBody(maxRequestBytes, routes.path() + HttpFallbacks.PREFIX))
        .addLast(HTTP_ROUTER, router);
    if (routes.proxies().contains(channel.remoteAddress())) {
      channel.pipeline().addFirst(new ProxyProtocol(router::proxied));
    }
  }
}
