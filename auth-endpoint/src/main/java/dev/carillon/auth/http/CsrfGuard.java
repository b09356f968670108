package dev.carillon.auth.http;

import io.vertx.core.Handler;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what another site makes a browser send, the way Laravel and axios do it: every answer
 * sets the cookie {@code XSRF-TOKEN}, and a call that changes something repeats it as header {@code
 * X-XSRF-TOKEN} (or form field {@code _token}). Who cannot, like a beacon or a plain form, passes
 * by an {@code Origin} that is ours. A token is {@code <nonce>.<signature of session and nonce>}:
 * it is good for as long as its session, and nothing is kept for it here.
 *
 * <p>The two {@code /broadcasting} calls are exempt, as in Laravel: they change nothing, no other
 * site can read their answers, and pusher-js sends no such header.
 *
 * <p>Thread-safe.
 */
final class CsrfGuard implements Handler<RoutingContext> {
  static final String COOKIE = "XSRF-TOKEN";
  static final String HEADER = "X-XSRF-TOKEN";

  private static final String FIELD = "_token";
  private static final String PURPOSE = "csrf";
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
  private static final Set<String> EXEMPT = Set.of(Broadcasting.AUTH, Broadcasting.USER_AUTH);

  private final SigningKey key;
  private final Sessions sessions;

  CsrfGuard(SigningKey key, Sessions sessions) {
    this.key = key;
    this.sessions = sessions;
  }

  /** Sees to it that the answer sets the cookie, for the session that it leaves. */
  void issue(RoutingContext context) {
    Cookie came = context.request().getCookie(COOKIE);
    String presented = came == null ? null : came.getValue();
    context.addHeadersEndHandler(
        end -> context.response().addCookie(cookie(tokenFor(context, presented))));
    context.next();
  }

  private String tokenFor(RoutingContext context, @Nullable String presented) {
    if (presented != null && isOf(context, presented)) {
      return presented;
    }
    String nonce = key.nonce();
    return nonce + "." + key.sign(PURPOSE, signed(context, nonce));
  }

  private static Cookie cookie(String token) {
    return Cookie.cookie(COOKIE, token).setPath("/").setSameSite(CookieSameSite.LAX);
  }

  /** Lets the request pass, or refuses it with 419. Comes after the body was read. */
  @Override
  public void handle(RoutingContext context) {
    boolean exempt =
        SAFE.contains(context.request().method()) || EXEMPT.contains(context.normalizedPath());
    if (!exempt && !hasToken(context) && !Origins.same(context.request())) {
      throw Refusal.csrf();
    }
    context.next();
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
