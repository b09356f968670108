package dev.carillon.auth.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.auth.user.User;
import dev.carillon.auth.user.UserDirectory;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/**
 * Signing in and out, and who one is. Who sends or accepts JSON gets JSON and a status; a form is
 * sent back to the page.
 *
 * <p>Thread-safe; asks the directory, so it may block.
 */
final class Accounts {
  private final UserDirectory directory;
  private final Sessions sessions;
  private final SignedInUser signedIn;
  private final LoginThrottle throttle;

  Accounts(
      UserDirectory directory, Sessions sessions, SignedInUser signedIn, LoginThrottle throttle) {
    this.directory = directory;
    this.sessions = sessions;
    this.signedIn = signedIn;
    this.throttle = throttle;
  }

  /**
   * {@code email} and {@code password} → the user, as {@link #me} answers, and a new session. 401
   * if they are wrong, 422 if one is missing, 429 after too many failures.
   */
  void login(RoutingContext context) {
    try {
      User user = verified(context);
      sessions.open(context, user.id());
      if (wantsJson(context)) {
        Json.answer(context, 200, json(user));
      } else {
        redirect(context, "/");
      }
    } catch (Refusal refusal) {
      if (wantsJson(context)) {
        throw refusal;
      }
      redirect(context, refusal.status() == 429 ? "/?login=throttled" : "/?login=failed");
    }
  }

  private User verified(RoutingContext context) {
    List<String> fields = Fields.of(context).required("email", "password");
    String email = fields.get(0).strip();
    String address = context.request().remoteAddress().hostAddress();
    throttle.check(email, address);
    Optional<User> user = directory.verify(email, fields.get(1));
    if (user.isEmpty()) {
      throttle.failed(email, address);
      throw Refusal.unauthenticated("These credentials do not match our records.");
    }
    throttle.succeeded(email, address);
    return user.get();
  }

  /** Ends the session, if there is one. */
  void logout(RoutingContext context) {
    sessions.close(context);
    if (wantsJson(context)) {
      Json.answer(context, 200, Json.object().put("message", "Signed out."));
    } else {
      redirect(context, "/");
    }
  }

  /** {@code {"id":"1","name":"Ann","email":"ann@example.com","avatar":"/avatars/…"}}, or 401. */
  void me(RoutingContext context) {
    Json.answer(context, 200, json(signedIn.required(context)));
  }

  /** {@code [{"id":"1","name":"Design"}]}: the teams of the user, or 401. */
  void teams(RoutingContext context) {
    User user = signedIn.required(context);
    Json.answer(context, 200, Json.of(directory.teamsOf(user.id())));
  }

  static ObjectNode json(User user) {
    return Json.object()
        .put("id", user.id())
        .put("name", user.name())
        .put("email", user.email())
        .put("avatar", user.avatar());
  }

  private static boolean wantsJson(RoutingContext context) {
    String accept = context.request().getHeader(HttpHeaders.ACCEPT);
    return Fields.isJson(context) || (accept != null && accept.contains("application/json"));
  }

  private static void redirect(RoutingContext context, String to) {
    // 303: the browser comes back with GET.
    context.response().setStatusCode(303).putHeader(HttpHeaders.LOCATION, to).end();
  }
}
