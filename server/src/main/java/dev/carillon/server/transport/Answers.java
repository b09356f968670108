package dev.carillon.server.transport;

import dev.carillon.server.api.ApiResponse;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.nio.charset.StandardCharsets;

/** Makes the answers to HTTP requests. */
final class Answers {
  private static final String JSON = "application/json";
  private static final String TEXT = "text/plain; charset=utf-8";

  private Answers() {}

  /** The answer on the wire; to {@code HEAD} without its body. */
  static FullHttpResponse of(ApiResponse response, boolean keepAlive, boolean head) {
    FullHttpResponse answer =
        answer(
            HttpResponseStatus.valueOf(response.status()),
            response.json() ? JSON : TEXT,
            response.body(),
            keepAlive,
            head);
    if (!response.allow().isEmpty()) {
      answer.headers().set(HttpHeaderNames.ALLOW, response.allow());
    }
    if (response.retryAfterSeconds() > 0) {
      answer.headers().setInt(HttpHeaderNames.RETRY_AFTER, response.retryAfterSeconds());
    }
    if (response.status() == HttpResponseStatus.UPGRADE_REQUIRED.code()) {
      answer
          .headers()
          .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
          .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13");
    }
    return answer;
  }

  /** What is answered to bytes that are no request. */
  static ApiResponse malformed(Throwable cause) {
    HttpResponseStatus status =
        cause instanceof TooLongHttpLineException
            ? HttpResponseStatus.REQUEST_URI_TOO_LONG
            : cause instanceof TooLongHttpHeaderException
                ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                : HttpResponseStatus.BAD_REQUEST;
    return ApiResponse.text(status.code(), "Malformed HTTP request");
  }

  static FullHttpResponse text(HttpResponseStatus status, String text, boolean keepAlive) {
    return answer(status, TEXT, (text + "\n").getBytes(StandardCharsets.UTF_8), keepAlive, false);
  }

  private static FullHttpResponse answer(
      HttpResponseStatus status, String contentType, byte[] body, boolean keepAlive, boolean head) {
    FullHttpResponse answer =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            status,
            head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
    if (!HttpResponseStatus.NO_CONTENT.equals(status)) {
      answer
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, contentType)
          .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    }
    if (!keepAlive) {
      answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    return answer;
  }
}
