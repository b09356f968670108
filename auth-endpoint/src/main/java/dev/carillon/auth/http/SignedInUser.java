package dev.carillon.auth.http;

import dev.carillon.auth.user.User;
import dev.carillon.auth.user.UserDirectory;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * Who makes a request, by its session.
 *
 * <p>Thread-safe; asks the directory, so it may block.
 */
final class SignedInUser {
  private final Sessions sessions;
  private final UserDirectory directory;

  SignedInUser(Sessions sessions, UserDirectory directory) {
    this.sessions = sessions;
    this.directory = directory;
  }

  /** The user; empty too if there was one, who is no more. */
  Optional<User> of(RoutingContext context) {
    return sessions.of(context).flatMap(session -> directory.find(session.userId()));
  }

  /**
   * The user.
   *
   * @throws Refusal 401 if nobody is signed in
   */
  User required(RoutingContext context) {
    return of(context).orElseThrow(() -> Refusal.unauthenticated("Unauthenticated."));
  }
}
