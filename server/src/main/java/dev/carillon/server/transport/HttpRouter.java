package dev.carillon.server.transport;

import dev.carillon.server.api.ApiRequest;
import dev.carillon.server.api.ApiResponse;
import dev.carillon.server.connection.Farewell;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the HTTP requests of one connection, which may be pipelined, to where they are answered.
 *
 * <p>Confined to its event loop.
 */
final class HttpRouter extends ChannelInboundHandlerAdapter implements Watched {
  private static final Logger LOG = LoggerFactory.getLogger(HttpRouter.class);
  private static final AsciiString IDEMPOTENCY_KEY = AsciiString.cached("x-idempotency-key");
  private static final Set<String> HTTP = Set.of("http", "https");
  private static final int REQUEST_SECONDS = 15;
  private static final int KEEP_ALIVE_SECONDS = 75;
  private static final ApiResponse UP = ApiResponse.json("{\"health\":\"OK\"}");
  private static final ApiResponse DRAINING = ApiResponse.text(503, "The server is shutting down");

  private final Routes routes;
  private final LoopWatch watch;
  private @Nullable AnswerQueue answers;
  private @Nullable Client proxied;
  private int activeAt;
  private int slot;

  HttpRouter(Routes routes, LoopWatch watch) {
    this.routes = routes;
    this.watch = watch;
    this.activeAt = watch.nowSeconds();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    answers = new AnswerQueue(ctx, watch);
    watch.add(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    watch.remove(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    answers().reading();
    try {
      if (message instanceof FullHttpRequest request && !answers().ended()) {
        request(ctx, request);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void request(ChannelHandlerContext ctx, FullHttpRequest request) {
    activeAt = watch.nowSeconds();
    Throwable malformed = request.decoderResult().cause();
    if (malformed != null) {
      answers().add(CompletableFuture.completedStage(Answers.malformed(malformed)), false, false);
      return;
    }
    QueryStringDecoder uri =
        new QueryStringDecoder(originForm(request.uri()), StandardCharsets.UTF_8, true, 1024, true);
    String path = uri.rawPath();
    if (!path.startsWith(routes.path())) {
      answer(request, ApiResponse.text(404, "Not found: " + path));
      return;
    }
    Map<String, List<String>> query;
    try {
      query = uri.parameters();
    } catch (IllegalArgumentException e) {
      answer(request, ApiResponse.text(400, "Malformed query string"));
      return;
    }
    route(ctx, request, path.substring(routes.path().length()), query);
  }

  /** Without scheme and host, which a client may send too: RFC 9112, section 3.2.2. */
  private static String originForm(String target) {
    int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
    if (scheme < 0 || !HTTP.contains(target.substring(0, scheme).toLowerCase(Locale.ROOT))) {
      return target;
    }
    int end = scheme + 3;
    while (end < target.length() && "/?".indexOf(target.charAt(end)) < 0) {
      end++;
    }
    String rest = target.substring(end);
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  private void route(
      ChannelHandlerContext ctx,
      FullHttpRequest request,
      String path,
      Map<String, List<String>> query) {
    if (path.equals("/up")) {
      answer(request, up(request.method()));
    } else if (path.startsWith("/apps/") || path.startsWith("/users/")) {
      api(ctx, request, path, query);
    } else if (path.equals("/app") || path.startsWith("/app/")) {
      app(ctx, request, path.length() <= 5 ? "" : path.substring(5), query);
    } else if (path.startsWith(HttpFallbacks.PREFIX)) {
      routes.fallbacks().answer(ctx, answers(), watch, request, client(ctx, request), path, query);
    } else {
      answer(request, ApiResponse.text(404, "Not found: " + path));
    }
  }

  private ApiResponse up(HttpMethod method) {
    if (!HttpMethod.GET.equals(method) && !HttpMethod.HEAD.equals(method)) {
      return ApiResponse.notAllowed("GET, HEAD");
    }
    return watch.draining() ? DRAINING : UP;
  }

  private void api(
      ChannelHandlerContext ctx,
      FullHttpRequest request,
      String path,
      Map<String, List<String>> query) {
    if (watch.draining()) {
      answer(request, DRAINING);
      return;
    }
    ApiRequest call =
        new ApiRequest(
            request.method().name(),
            path,
            query,
            ByteBufUtil.getBytes(request.content()),
            client(ctx, request).address(),
            request.headers().getAll(IDEMPOTENCY_KEY));
    CompletionStage<ApiResponse> response;
    try {
      response = routes.api().handle(call);
    } catch (RuntimeException fault) {
      response = CompletableFuture.failedStage(fault);
    }
    answer(request, response);
  }

  private void app(
      ChannelHandlerContext ctx,
      FullHttpRequest request,
      String key,
      Map<String, List<String>> query) {
    if (!HttpMethod.GET.equals(request.method())) {
      answer(request, ApiResponse.notAllowed("GET"));
    } else if (!WebSocketUpgrade.isAskedFor(request)) {
      answer(request, ApiResponse.text(426, "This is a WebSocket address: an upgrade is expected"));
    } else if (!"13".equals(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
      answer(request, ApiResponse.text(426, "Expected version 13 of WebSocket"));
    } else if (!request.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)) {
      answer(request, ApiResponse.text(400, "Expected a WebSocket key"));
    } else if (answers().isEmpty()) {
      routes.upgrade().upgrade(ctx.channel(), watch, request, client(ctx, request), key, query);
    } else {
      answer(request, ApiResponse.text(400, "Expected the upgrade as the only request"));
    }
  }

  /** A PROXY header named who is behind the proxy. */
  void proxied(Client client) {
    proxied = client;
  }

  private Client client(ChannelHandlerContext ctx, FullHttpRequest request) {
    Client peer = proxied;
    if (peer == null) {
      InetSocketAddress socket = (InetSocketAddress) ctx.channel().remoteAddress();
      peer = new Client(socket.getAddress(), false);
    }
    return routes.proxies().client(peer, request.headers());
  }

  private void answer(FullHttpRequest request, ApiResponse response) {
    answer(request, CompletableFuture.completedStage(response));
  }

  private void answer(FullHttpRequest request, CompletionStage<ApiResponse> response) {
    answers()
        .add(response, HttpUtil.isKeepAlive(request), HttpMethod.HEAD.equals(request.method()));
  }

  private AnswerQueue answers() {
    if (answers == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return answers;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    answers().readComplete();
    ctx.fireChannelReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    answers().pace();
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    answers().gone();
    ctx.fireChannelInactive();
  }

  @Override
  public void tick(int nowSeconds) {
    AnswerQueue owed = answers();
    int allowed = owed.used() ? KEEP_ALIVE_SECONDS : REQUEST_SECONDS;
    if (owed.isEmpty() && nowSeconds - activeAt >= allowed) {
      owed.close();
    }
  }

  @Override
  public void drain(Duration within, Farewell farewell) {
    // Requests in flight are finished; the connection ends with its next answer, or with the
    // server.
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A client that goes in the middle of its request is no fault of ours.
    if (!(cause instanceof IOException || cause instanceof PrematureChannelClosureException)) {
      LOG.error("HTTP connection failed", cause);
    }
    ctx.close();
  }

  @Override
  public int slot() {
    return slot;
  }

  @Override
  public void slot(int index) {
    slot = index;
  }
}
