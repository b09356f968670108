package dev.carillon.server.transport;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * Puts a request and its body together. A body over the limit is answered with 413, and the
 * connection ends.
 */
final class HttpBody extends HttpObjectAggregator {
  HttpBody(int maxRequestBytes) {
    super(maxRequestBytes);
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
    ctx.writeAndFlush(
            Answers.text(
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                "The request is too large, allowed are " + maxContentLength() + " bytes",
                false))
        .addListener(ChannelFutureListener.CLOSE);
  }
}
