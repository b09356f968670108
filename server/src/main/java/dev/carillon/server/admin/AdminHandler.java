package dev.carillon.server.admin;

import dev.carillon.server.metrics.Metrics;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the operators' requests.
 *
 * <p>Confined to its event loop.
 */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private static final String BEARER = "Bearer ";

  private final String token;
  private final Metrics metrics;
  private final Readiness readiness;

  AdminHandler(String token, Metrics metrics, Readiness readiness) {
    this.token = token;
    this.metrics = metrics;
    this.readiness = readiness;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    FullHttpResponse response = answer(request);
    boolean keepAlive = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
    HttpUtil.setContentLength(response, response.content().readableBytes());
    HttpUtil.setKeepAlive(response, keepAlive);
    if (HttpMethod.HEAD.equals(request.method())) {
      response.content().clear();
    }
    if (keepAlive) {
      ctx.writeAndFlush(response, ctx.voidPromise());
    } else {
      ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private FullHttpResponse answer(FullHttpRequest request) {
    if (!request.decoderResult().isSuccess()) {
      return text(HttpResponseStatus.BAD_REQUEST, TEXT, "Malformed HTTP request");
    }
    if (!isAllowed(request)) {
      FullHttpResponse response =
          text(HttpResponseStatus.UNAUTHORIZED, TEXT, "Expected the admin token as a bearer");
      response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
      return response;
    }
    if (!HttpMethod.GET.equals(request.method()) && !HttpMethod.HEAD.equals(request.method())) {
      FullHttpResponse response =
          text(
              HttpResponseStatus.METHOD_NOT_ALLOWED,
              TEXT,
              "Method not allowed, allowed are GET, HEAD");
      response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
      return response;
    }
    return switch (new QueryStringDecoder(request.uri()).path()) {
      case "/metrics" -> text(HttpResponseStatus.OK, PROMETHEUS, metrics.scrape());
      case "/live" -> text(HttpResponseStatus.OK, TEXT, "OK");
      case "/ready" -> ready();
      default ->
          text(
              HttpResponseStatus.NOT_FOUND,
              TEXT,
              "Not found, there are /metrics, /ready and /live");
    };
  }

  private FullHttpResponse ready() {
    String reason = readiness.reason();
    return reason.isEmpty()
        ? text(HttpResponseStatus.OK, TEXT, "OK")
        : text(HttpResponseStatus.SERVICE_UNAVAILABLE, TEXT, reason);
  }

  private boolean isAllowed(FullHttpRequest request) {
    if (token.isEmpty()) {
      return true;
    }
    String given = String.valueOf(request.headers().get(HttpHeaderNames.AUTHORIZATION));
    return given.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && MessageDigest.isEqual(
            token.getBytes(StandardCharsets.UTF_8),
            given.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8));
  }

  private static FullHttpResponse text(HttpResponseStatus status, String type, String text) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            status,
            Unpooled.copiedBuffer(text + "\n", StandardCharsets.UTF_8));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
    return response;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("Admin connection failed", cause);
    ctx.close();
  }
}
