package dev.carillon.auth.http;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what another site makes a browser send, the way Laravel and axios do it: every answer
 * sets the cookie {@code XSRF-TOKEN}, and a call that changes something repeats it as header {@code
 * X-XSRF-TOKEN} (or form field {@code _token}). Who cannot, like a beacon or a plain form, passes
 * by an {@code Origin} that is ours. A token is {@code <nonce>.<signature of session and nonce>}:
 * it is good for as long as its session, and nothing is kept for it here.
 *
 * <p>The two {@code /broadcasting} calls are exempt, as in Laravel: they change nothing, no other
 * site can read their answers, and pusher-js sends no such header. So is a request with a bearer
 * token, which no browser adds by itself; its cookie counts for nothing then.
 *
 * <p>Thread-safe.
 */
final class CsrfGuard {
  static final String COOKIE = "XSRF-TOKEN";
  static final String HEADER = "X-XSRF-TOKEN";

  private static final String FIELD = "_token";
  private static final String PURPOSE = "csrf";
  private final SigningKey key;
  private final Sessions sessions;
  private final Clients clients;

  CsrfGuard(SigningKey key, Sessions sessions, Clients clients) {
    this.key = key;
    this.sessions = sessions;
    this.clients = clients;
  }

  /** Sees to it that the answer sets the cookie, for the session that it leaves. */
  void issue(RoutingContext context) {
    Cookie came = context.request().getCookie(COOKIE);
    String presented = came == null ? null : came.getValue();
    context.addHeadersEndHandler(
        end -> context.response().addCookie(cookie(context, tokenFor(context, presented))));
    context.next();
  }

  private String tokenFor(RoutingContext context, @Nullable String presented) {
    if (presented != null && isOf(context, presented)) {
      return presented;
    }
    String nonce = key.nonce();
    return nonce + "." + key.sign(PURPOSE, signed(context, nonce));
  }

  private Cookie cookie(RoutingContext context, String token) {
    return Cookie.cookie(COOKIE, token)
        .setPath("/")
        .setSecure(clients.tls(context.request()))
        .setSameSite(CookieSameSite.LAX);
  }

  /**
   * Passes if the request is ours. For requests that change something, once the body was read.
   *
   * @throws Refusal 419 if it is not
   */
  void check(RoutingContext context) {
    if (!Bearer.isIn(context.request()) && !hasToken(context) && !Origins.same(context.request())) {
      throw Refusal.csrf();
    }
  }

  private boolean hasToken(RoutingContext context) {
    Cookie cookie = context.request().getCookie(COOKIE);
    String header = context.request().getHeader(HEADER);
    String sent = header == null ? context.request().getFormAttribute(FIELD) : header;
    return cookie != null
        && sent != null
        && SigningKey.same(cookie.getValue(), sent)
        && isOf(context, sent);
  }

  private boolean isOf(RoutingContext context, String token) {
    int dot = token.indexOf('.');
    return dot > 0
        && key.verify(PURPOSE, signed(context, token.substring(0, dot)), token.substring(dot + 1));
  }

  private String signed(RoutingContext context, String nonce) {
    String session = sessions.of(context).map(Sessions.Session::id).orElse("");
    return session + "." + nonce;
  }
}
