package dev.carillon.auth.http;

import dev.carillon.auth.outbound.OncePerMinute;
import dev.carillon.auth.status.StatusApi;
import dev.carillon.auth.status.StatusApiException;
import dev.carillon.auth.user.User;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the Carillon server that a user is active, beside what the user asked for: no answer waits
 * for it, and it is said of each user once in a while only. Not all that a page asks for is asked
 * for by its user: what it does by itself, as when it reconnects, must not wake an idle device.
 *
 * <p>Thread-safe; never blocks.
 */
final class Activity {
  private static final Logger log = LoggerFactory.getLogger(Activity.class);
  private static final Duration PAUSE = Duration.ofSeconds(30);
  private static final int REMEMBERED_MAX = 50_000;

  private final StatusApi api;
  private final InstantSource clock;
  private final OncePerMinute mayLog;
  private final Map<Told, Long> told = new ConcurrentHashMap<>();

  /** What is said of a user. */
  private record Told(String user, boolean background) {}

  Activity(StatusApi api, InstantSource clock) {
    this.api = api;
    this.clock = clock;
    this.mayLog = new OncePerMinute(clock);
  }

  /** That user has just done something. */
  void of(User user) {
    if (isTime(new Told(user.id(), false))) {
      isTime(new Told(user.id(), true)); // this says so, too
      tell(user, false);
    }
  }

  /** A page of that user has just asked for something, perhaps by itself. */
  void inBackground(User user) {
    if (isTime(new Told(user.id(), true))) {
      tell(user, true);
    }
  }

  private void tell(User user, boolean background) {
    api.active(user.id(), background)
        .onFailure(
            failure -> {
              if (mayLog.now()) {
                log.warn("activity not told: {}", why(failure));
              }
            });
  }

  private boolean isTime(Told what) {
    long now = clock.millis();
    Long before = told.get(what);
    if (before != null && now - before < PAUSE.toMillis()) {
      return false;
    }
    if (told.size() >= REMEMBERED_MAX) {
      // Some will be told of twice as often as they need.
      told.clear();
    }
    return before == null ? told.putIfAbsent(what, now) == null : told.replace(what, before, now);
  }

  private static String why(Throwable failure) {
    return failure instanceof StatusApiException known
        ? known.kind() + " " + known.text()
        : String.valueOf(failure.getMessage());
  }
}
