package dev.carillon.auth.http;

import dev.carillon.auth.config.ServerAddress;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Tells the browser what our pages may do: scripts, styles and calls of our own only, WebSockets to
 * the configured server only, and nobody may frame them.
 *
 * <p>Immutable.
 */
final class SecurityHeaders implements Handler<RoutingContext> {
  private final ServerAddress server;

  SecurityHeaders(ServerAddress server) {
    this.server = server;
  }

  @Override
  public void handle(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Security-Policy", policy(context.request()))
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        // Not no-referrer: with that a form's Origin would be null, and the CSRF guard needs it.
        .putHeader("Referrer-Policy", "same-origin")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    context.next();
  }

  private String policy(HttpServerRequest request) {
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:;"
        + " connect-src 'self' "
        + sockets(request)
        + "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  }

  private String sockets(HttpServerRequest request) {
    String host = server.host().isEmpty() ? Origins.host(request) : server.host();
    // A policy can name no IPv6 address.
    if (host.isEmpty() || host.contains(":")) {
      return "ws: wss:";
    }
    String authority = host + ":" + server.port();
    return "ws://" + authority + " wss://" + authority;
  }
}
