package dev.carillon.auth.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Counts failed logins by e-mail and address, over a sliding window. It remembers a limited number
 * of them: beyond that, the one that failed longest ago is forgotten.
 *
 * <p>Thread-safe.
 */
final class LoginThrottle {
  private final int failuresMax;
  private final Duration window;
  private final int remembered;
  private final InstantSource clock;
  private final Map<String, Deque<Instant>> failures = new LinkedHashMap<>();

  LoginThrottle(int failuresMax, Duration window, int remembered, InstantSource clock) {
    this.failuresMax = failuresMax;
    this.window = window;
    this.remembered = remembered;
    this.clock = clock;
  }

  /**
   * Passes unless there were too many failures.
   *
   * @throws Refusal 429
   */
  synchronized void check(String email, String address) {
    Deque<Instant> times = failures.get(key(email, address));
    if (times == null) {
      return;
    }
    Instant now = clock.instant();
    forget(times, now);
    if (times.size() >= failuresMax) {
      Duration left = Duration.between(now, times.getFirst().plus(window));
      throw Refusal.tooManyAttempts(Math.max(1, left.plusMillis(999).toSeconds()));
    }
  }

  /**
   * Counts one failure.
   *
   * @throws Refusal 429 if attempts at the same time have used up the number meanwhile
   */
  synchronized void failed(String email, String address) {
    check(email, address);
    String key = key(email, address);
    // Removed and put again: the order is that of the last failure.
    Deque<Instant> times = failures.remove(key);
    if (times == null) {
      times = new ArrayDeque<>(failuresMax);
    }
    times.addLast(clock.instant());
    failures.put(key, times);
    if (failures.size() > remembered) {
      failures.remove(failures.keySet().iterator().next());
    }
  }

  /** A login that was right ends the count. */
  synchronized void succeeded(String email, String address) {
    failures.remove(key(email, address));
  }

  private void forget(Deque<Instant> times, Instant now) {
    while (!times.isEmpty() && !times.getFirst().plus(window).isAfter(now)) {
      times.removeFirst();
    }
  }

  private static String key(String email, String address) {
    return email.toLowerCase(Locale.ROOT) + "|" + address;
  }
}
