package dev.carillon.auth.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a request says it comes from, and goes to. */
final class Origins {
  private static final Pattern ORIGIN = Pattern.compile("(https?)://([^/]+)");
  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

  private Origins() {}

  /**
   * Whether the request's {@code Origin} is the host it goes to. The scheme may differ: TLS may end
   * in front of us.
   */
  static boolean same(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    String host = request.getHeader(HttpHeaders.HOST);
    if (origin == null || host == null) {
      return false;
    }
    Matcher parts = ORIGIN.matcher(origin.toLowerCase(Locale.ROOT));
    return parts.matches() && parts.group(2).equals(host.toLowerCase(Locale.ROOT));
  }

  /** The host that the request goes to, without the port; empty if it is of no known form. */
  static String host(HttpServerRequest request) {
    String host = request.getHeader(HttpHeaders.HOST);
    Matcher parts = AUTHORITY.matcher(host == null ? "" : host);
    return parts.matches() ? parts.group(1) : "";
  }
}
