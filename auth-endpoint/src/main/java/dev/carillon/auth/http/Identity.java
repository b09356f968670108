package dev.carillon.auth.http;

import dev.carillon.auth.config.JwtConfig.UserBy;
import dev.carillon.auth.database.Users;
import dev.carillon.auth.jwt.InvalidTokenException;
import dev.carillon.auth.jwt.TokenVerifier;
import dev.carillon.auth.user.User;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who makes a request: by its bearer token, or else by its session.
 *
 * <p>Thread-safe; never blocks.
 */
final class Identity {
  private static final Logger log = LoggerFactory.getLogger(Identity.class);

  private final Sessions sessions;
  private final Users users;
  private final BoundedWork database;
  private final @Nullable TokenVerifier tokens;
  private final UserBy userBy;

  /**
   * @param tokens null if no bearer token is accepted
   * @param userBy what a token names the user by
   */
  Identity(
      Sessions sessions,
      Users users,
      BoundedWork database,
      @Nullable TokenVerifier tokens,
      UserBy userBy) {
    this.sessions = sessions;
    this.users = users;
    this.database = database;
    this.tokens = tokens;
    this.userBy = userBy;
  }

  /** The user; empty too if there was one, who is no more, or whose session was ended. */
  Future<Optional<User>> of(RoutingContext context) {
    Optional<String> token = Bearer.token(context.request());
    if (token.isPresent()) {
      return ofToken(context, token.get());
    }
    Optional<Sessions.Session> session = sessions.of(context);
    if (session.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    return database.call(() -> users.findOfSession(session.get().userId(), session.get().id()));
  }

  private Future<Optional<User>> ofToken(RoutingContext context, String token) {
    if (tokens == null) {
      return Future.succeededFuture(Optional.empty());
    }
    return tokens
        .user(token)
        .compose(
            name ->
                database.call(
                    () -> userBy == UserBy.EMAIL ? users.findByEmail(name) : users.find(name)))
        .recover(
            failure -> {
              if (failure instanceof InvalidTokenException) {
                log.debug("bearer token refused: {}", failure.getMessage());
                // RFC 6750, section 3
                context.response().putHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"");
                return Future.succeededFuture(Optional.empty());
              }
              return Future.failedFuture(failure);
            });
  }
}
