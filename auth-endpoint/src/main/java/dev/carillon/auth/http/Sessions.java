package dev.carillon.auth.http;

import dev.carillon.auth.database.EndedSessions;
import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is signed in, kept in a signed cookie: {@code <user>.<session>.<expiry>.<signature>}. Nothing
 * is kept for a session, so a restart ends none and there is no store to fill; only the ones that
 * were signed out are remembered, in the database, until they would have expired. A cookie that is
 * read here may be of one of those: {@link Identity} looks.
 *
 * <p>Thread-safe; never blocks.
 */
final class Sessions {
  static final String COOKIE = "carillon_session";

  private static final Duration LIFE = Duration.ofHours(12);
  private static final String PURPOSE = "session";
  private static final String CURRENT = Sessions.class.getName();

  private final SigningKey key;
  private final InstantSource clock;
  private final EndedSessions ended;
  private final BoundedWork database;
  private final Clients clients;

  /** One session: its own id, and its user's. */
  record Session(String id, String userId, Instant expiry) {}

  Sessions(
      SigningKey key,
      InstantSource clock,
      EndedSessions ended,
      BoundedWork database,
      Clients clients) {
    this.key = key;
    this.clock = clock;
    this.ended = ended;
    this.database = database;
    this.clients = clients;
  }

  /**
   * The session of that request, as the request came or as {@link #open} or {@link #close} left it.
   * One with a bearer token has none.
   */
  Optional<Session> of(RoutingContext context) {
    Optional<Session> known = context.get(CURRENT);
    if (known != null) {
      return known;
    }
    Optional<Session> read =
        Bearer.isIn(context.request())
            ? Optional.empty()
            : Optional.ofNullable(context.request().getCookie(COOKIE))
                .flatMap(cookie -> read(cookie.getValue()));
    context.put(CURRENT, read);
    return read;
  }

  private Optional<Session> read(@Nullable String cookie) {
    String[] parts = cookie == null ? new String[0] : cookie.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    String signed = parts[0] + "." + parts[1] + "." + parts[2];
    if (!key.verify(PURPOSE, signed, parts[3])) {
      return Optional.empty();
    }
    // Signed by us, so of our form.
    String user = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
    Session session = new Session(parts[1], user, Instant.ofEpochSecond(Long.parseLong(parts[2])));
    return clock.instant().isBefore(session.expiry()) ? Optional.of(session) : Optional.empty();
  }

  /** Signs that user in: always a new session, and the one that there was ends. */
  Future<Void> open(RoutingContext context, String userId) {
    return end(context)
        .onSuccess(
            ended -> {
              Session session = new Session(key.nonce(), userId, clock.instant().plus(LIFE));
              context.put(CURRENT, Optional.of(session));
              setCookie(context, write(session), LIFE.toSeconds());
            });
  }

  /** Signs out: whoever kept the cookie cannot use it again. */
  Future<Void> close(RoutingContext context) {
    return end(context)
        .onSuccess(
            ended -> {
              context.put(CURRENT, Optional.empty());
              setCookie(context, "", 0);
            });
  }

  private Future<Void> end(RoutingContext context) {
    Optional<Session> session = of(context);
    if (session.isEmpty()) {
      return Future.succeededFuture();
    }
    return database
        .call(
            () -> {
              ended.add(session.get().id(), session.get().expiry());
              return session;
            })
        .mapEmpty();
  }

  private String write(Session session) {
    String user =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(session.userId().getBytes(StandardCharsets.UTF_8));
    String signed = user + "." + session.id() + "." + session.expiry().getEpochSecond();
    return signed + "." + key.sign(PURPOSE, signed);
  }

  private void setCookie(RoutingContext context, String value, long maxAgeSeconds) {
    context
        .response()
        .addCookie(
            Cookie.cookie(COOKIE, value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(clients.tls(context.request()))
                .setSameSite(CookieSameSite.LAX)
                .setMaxAge(maxAgeSeconds));
  }
}
