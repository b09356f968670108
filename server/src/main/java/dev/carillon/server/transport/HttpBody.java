package dev.carillon.server.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Puts a request and its body together. A body over the limit is answered with 413, and nothing
 * more; to a client of the HTTP fallbacks so that its page may read it. What still comes is read
 * and dropped, until the client closes or is idle for too long: who is still sending does not read
 * yet, and a connection that closes then takes the answer with it.
 *
 * <p>Confined to the connection's event loop.
 */
final class HttpBody extends HttpObjectAggregator {
  private final String fallbacks;
  private boolean refused;

  /**
   * With that limit.
   *
   * @param fallbacks what the paths of the HTTP fallbacks begin with
   */
  HttpBody(int maxRequestBytes, String fallbacks) {
    super(maxRequestBytes, true);
    this.fallbacks = fallbacks;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (refused) {
      ReferenceCountUtil.release(message);
    } else {
      super.channelRead(ctx, message);
    }
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
    refused = true;
    ctx.writeAndFlush(tooLarge(oversized))
        .addListener(written -> ((DuplexChannel) ctx.channel()).shutdownOutput());
  }

  /** For a client that asks before it sends the body, as curl does with a large one. */
  @Override
  protected @Nullable Object newContinueResponse(
      HttpMessage start, int maxContentLength, ChannelPipeline pipeline) {
    Object response = super.newContinueResponse(start, maxContentLength, pipeline);
    if (!(response instanceof FullHttpResponse answer)
        || answer.status().equals(HttpResponseStatus.CONTINUE)) {
      return response;
    }
    refused = true; // Netty takes what comes next for a request, though it may be the body.
    if (answer.status().equals(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE)) {
      answer.release();
      return tooLarge(start);
    }
    return answer;
  }

  private FullHttpResponse tooLarge(HttpMessage message) {
    FullHttpResponse answer =
        Answers.text(
            HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
            "The request is too large, allowed are " + maxContentLength() + " bytes",
            false);
    if (message instanceof HttpRequest request && request.uri().startsWith(fallbacks)) {
      answer.headers().add(Cors.headers(request));
    }
    return answer;
  }
}
