package dev.carillon.server.transport;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;

/**
 * Lets pages of other origins read the answers of the HTTP fallbacks; none is of use with cookies,
 * so credentials are not allowed. Whether an origin may connect is for {@link Admission}: a page
 * that may not must be able to read that.
 */
final class Cors {
  private static final int PREFLIGHT_SECONDS = 86_400;

  private Cors() {}

  /** What an answer to that request says. */
  static HttpHeaders headers(HttpRequest request) {
    HttpHeaders headers =
        new DefaultHttpHeaders().set(HttpHeaderNames.VARY, HttpHeaderNames.ORIGIN);
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    if (origin != null) {
      headers.set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    return headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store, no-transform");
  }

  /** What the answer to a preflight says: a JSON body may be posted. */
  static HttpHeaders preflight(HttpRequest request) {
    return headers(request)
        .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "POST, OPTIONS")
        .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, HttpHeaderNames.CONTENT_TYPE)
        .set(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
  }
}
