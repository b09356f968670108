package dev.carillon.auth.http;

import dev.carillon.auth.config.AuthConfig;
import dev.carillon.auth.config.JwtConfig;
import dev.carillon.auth.config.JwtConfig.UserBy;
import dev.carillon.auth.database.Database;
import dev.carillon.auth.database.EndedSessions;
import dev.carillon.auth.database.FailedLogins;
import dev.carillon.auth.database.Users;
import dev.carillon.auth.jwt.TokenVerifier;
import dev.carillon.auth.status.StatusApi;
import dev.carillon.auth.user.User;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * What the routes lead to, each built once.
 *
 * <p>Thread-safe.
 */
public record Parts(
    SecurityHeaders headers,
    CsrfGuard csrf,
    WebFiles files,
    PageSettings settings,
    Identity identity,
    Activity activity,
    Accounts accounts,
    TeamCalls teams,
    StatusCalls statuses,
    ScheduleCalls schedule,
    NotificationCalls notifications,
    Broadcasting broadcasting) {
  private static final int LOGIN_FAILURES_MAX = 5;
  private static final Duration LOGIN_WINDOW = Duration.ofMinutes(1);
  private static final int DATABASE_WAITING_MAX = 1_000;
  // Half of the processors, so that a storm of logins leaves the other half to all else.
  private static final int HASHES_AT_ONCE =
      Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  private static final int HASHES_WAITING_MAX = 100;

  /**
   * Builds them.
   *
   * @param samples the accounts that the page offers
   */
  public static Parts of(
      Vertx vertx,
      AuthConfig config,
      Database open,
      StatusApi api,
      List<User> samples,
      InstantSource clock) {
    BoundedWork database =
        new BoundedWork(
            vertx, "auth-database", config.database().connections(), DATABASE_WAITING_MAX);
    BoundedWork hashing =
        new BoundedWork(vertx, "auth-passwords", HASHES_AT_ONCE, HASHES_WAITING_MAX);
    Users users = new Users(open);
    Clients clients = new Clients(config.trustedProxies());
    SigningKey key = new SigningKey(config.credentials());
    Sessions sessions = new Sessions(key, clock, new EndedSessions(open, clock), database, clients);
    JwtConfig jwt = config.jwt();
    Identity identity =
        new Identity(
            sessions,
            users,
            database,
            jwt == null ? null : new TokenVerifier(vertx, jwt, clock),
            jwt == null ? UserBy.ID : jwt.userBy());
    FailedLogins failures = new FailedLogins(open, LOGIN_FAILURES_MAX, LOGIN_WINDOW, clock);
    Audience audience = new Audience(config.channels(), users);
    return new Parts(
        new SecurityHeaders(config.server()),
        new CsrfGuard(key, sessions, clients),
        new WebFiles(),
        new PageSettings(config.credentials().key(), config.server(), identity, samples),
        identity,
        new Activity(api, clock),
        new Accounts(users, failures, database, hashing, sessions, clients),
        new TeamCalls(api, users, database),
        new StatusCalls(api, audience, database, clock),
        new ScheduleCalls(api, audience, database, clock),
        new NotificationCalls(api, config.channels(), users, database, clock, !samples.isEmpty()),
        new Broadcasting(
            config.credentials(), new ChannelGate(config.channels(), users), users, database));
  }
}
