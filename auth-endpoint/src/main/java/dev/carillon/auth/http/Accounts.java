package dev.carillon.auth.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.auth.database.FailedLogins;
import dev.carillon.auth.database.Users;
import dev.carillon.auth.password.Argon2Hash;
import dev.carillon.auth.user.Account;
import dev.carillon.auth.user.User;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signing in and out, and who one is. Who sends or accepts JSON gets JSON and a status; a form is
 * sent back to the page.
 *
 * <p>Thread-safe; never blocks.
 */
final class Accounts {
  private static final Logger log = LoggerFactory.getLogger(Accounts.class);
  private static final Account NOBODY = new Account(new User("", "", "", ""), "");

  private final Users users;
  private final FailedLogins failures;
  private final BoundedWork database;
  private final BoundedWork hashing;
  private final Sessions sessions;
  private final Clients clients;
  private final Argon2Hash nobodys = Argon2Hash.ofNobody();

  Accounts(
      Users users,
      FailedLogins failures,
      BoundedWork database,
      BoundedWork hashing,
      Sessions sessions,
      Clients clients) {
    this.users = users;
    this.failures = failures;
    this.database = database;
    this.hashing = hashing;
    this.sessions = sessions;
    this.clients = clients;
  }

  /**
   * {@code email} and {@code password} → the user, as {@link #me} answers, and a new session. 401
   * if they are wrong, 422 if one is missing, 429 after too many failures.
   */
  Future<Void> login(RoutingContext context) {
    return Future.succeededFuture(context)
        .compose(this::verified)
        .compose(user -> sessions.open(context, user.id()).map(user))
        .compose(
            user ->
                wantsJson(context) ? Json.answer(context, 200, json(user)) : redirect(context, "/"))
        .recover(failure -> refused(context, failure));
  }

  private static Future<Void> refused(RoutingContext context, Throwable failure) {
    if (!(failure instanceof Refusal refusal) || wantsJson(context) || refusal.status() >= 500) {
      return Future.failedFuture(failure);
    }
    return redirect(context, refusal.status() == 429 ? "/?login=throttled" : "/?login=failed");
  }

  private Future<User> verified(RoutingContext context) {
    List<String> fields = Fields.of(context).required("email", "password");
    String email = fields.get(0).strip();
    String address = clients.address(context.request());
    return database
        .call(() -> accountToTry(email, address))
        .compose(account -> hashing.call(() -> fits(account, fields.get(1))))
        .compose(account -> database.call(() -> judged(account, email, address)));
  }

  /** Who does not exist is tried too, with a hash that nothing fits: it takes the same time. */
  private Account accountToTry(String email, String address) {
    checkDelay(email, address);
    return users.account(email).orElse(NOBODY);
  }

  private Optional<Account> fits(Account account, String password) {
    Argon2Hash hash = nobodys;
    if (!account.passwordHash().isEmpty()) {
      try {
        hash = Argon2Hash.parse(account.passwordHash());
      } catch (IllegalArgumentException e) {
        log.error("account cannot be used user={} why={}", account.user().id(), e.getMessage());
      }
    }
    return hash.matches(password) ? Optional.of(account) : Optional.empty();
  }

  /**
   * Attempts at the same time may have used up the number meanwhile: then a right one fails too.
   */
  private User judged(Optional<Account> account, String email, String address) {
    checkDelay(email, address);
    if (account.isEmpty()) {
      failures.add(email, address);
      throw Refusal.unauthenticated("These credentials do not match our records.");
    }
    failures.clear(email, address);
    return account.get().user();
  }

  private void checkDelay(String email, String address) {
    failures
        .delay(email, address)
        .ifPresent(
            delay -> {
              throw Refusal.tooManyAttempts(Math.max(1, delay.plusMillis(999).toSeconds()));
            });
  }

  /** Ends the session, if there is one. */
  Future<Void> logout(RoutingContext context) {
    return sessions
        .close(context)
        .compose(
            closed ->
                wantsJson(context)
                    ? Json.answer(context, 200, Json.object().put("message", "Signed out."))
                    : redirect(context, "/"));
  }

  /** {@code {"id":"1","name":"Ann","email":"ann@example.com","avatar":"/avatars/…"}}. */
  Future<Void> me(RoutingContext context, User user) {
    return Json.answer(context, 200, json(user));
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

  private static Future<Void> redirect(RoutingContext context, String to) {
    // 303: the browser comes back with GET.
    return context.response().setStatusCode(303).putHeader(HttpHeaders.LOCATION, to).end();
  }
}
