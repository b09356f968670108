package dev.carillon.auth.http;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is signed in, kept in a signed cookie: {@code <user>.<session>.<expiry>.<signature>}. Nothing
 * is kept for a session here, so a restart ends none and there is no store to fill; only the ones
 * that were signed out are remembered, until they would have expired.
 *
 * <p>Thread-safe.
 */
final class Sessions {
  static final String COOKIE = "carillon_session";

  private static final Duration LIFE = Duration.ofHours(12);
  private static final int ENDED_MAX = 10_000;
  private static final String PURPOSE = "session";
  private static final String CURRENT = Sessions.class.getName();

  private final SigningKey key;
  private final InstantSource clock;
  private final Map<String, Instant> ended = new LinkedHashMap<>();

  /** One session: its own id, and its user's. */
  record Session(String id, String userId, Instant expiry) {}

  Sessions(SigningKey key, InstantSource clock) {
    this.key = key;
    this.clock = clock;
  }

  /**
   * The session of that request, as the request came or as {@link #open} or {@link #close} left it.
   */
  Optional<Session> of(RoutingContext context) {
    Optional<Session> known = context.get(CURRENT);
    if (known != null) {
      return known;
    }
    Optional<Session> read =
        Optional.ofNullable(context.request().getCookie(COOKIE)).flatMap(c -> read(c.getValue()));
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
    return clock.instant().isBefore(session.expiry()) && !isEnded(session)
        ? Optional.of(session)
        : Optional.empty();
  }

  /** Signs that user in: always a new session, and the one that there was ends. */
  void open(RoutingContext context, String userId) {
    of(context).ifPresent(this::end);
    Session session = new Session(key.nonce(), userId, clock.instant().plus(LIFE));
    context.put(CURRENT, Optional.of(session));
    context.response().addCookie(cookie(write(session), LIFE.toSeconds()));
  }

  /** Signs out: whoever kept the cookie cannot use it again. */
  void close(RoutingContext context) {
    of(context).ifPresent(this::end);
    context.put(CURRENT, Optional.empty());
    context.response().addCookie(cookie("", 0));
  }

  private String write(Session session) {
    String user =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(session.userId().getBytes(StandardCharsets.UTF_8));
    String signed = user + "." + session.id() + "." + session.expiry().getEpochSecond();
    return signed + "." + key.sign(PURPOSE, signed);
  }

  private static Cookie cookie(String value, long maxAgeSeconds) {
    return Cookie.cookie(COOKIE, value)
        .setPath("/")
        .setHttpOnly(true)
        .setSameSite(CookieSameSite.LAX)
        .setMaxAge(maxAgeSeconds);
  }

  private void end(Session session) {
    synchronized (ended) {
      Instant now = clock.instant();
      ended.values().removeIf(expiry -> !expiry.isAfter(now));
      if (ended.size() >= ENDED_MAX) {
        ended.remove(ended.keySet().iterator().next());
      }
      ended.put(session.id(), session.expiry());
    }
  }

  private boolean isEnded(Session session) {
    synchronized (ended) {
      return ended.containsKey(session.id());
    }
  }
}
