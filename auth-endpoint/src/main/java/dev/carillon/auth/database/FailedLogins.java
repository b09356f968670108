package dev.carillon.auth.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Counts failed logins by e-mail and address, over a sliding window, for all instances at once.
 * Each costs the time of a password hash, which limits how many there can be.
 *
 * <p>Thread-safe; blocks.
 */
public final class FailedLogins {
  private final Database database;
  private final int failuresMax;
  private final Duration window;
  private final InstantSource clock;

  public FailedLogins(Database database, int failuresMax, Duration window, InstantSource clock) {
    this.database = database;
    this.failuresMax = failuresMax;
    this.window = window;
    this.clock = clock;
  }

  /** How long they have to wait; nothing if they may try. */
  public Optional<Duration> delay(String email, String address) {
    Instant now = clock.instant();
    List<Long> times =
        database.with(
            handle ->
                handle
                    .select(
                        "SELECT failed_at FROM failed_logins WHERE who = ? AND failed_at > ?"
                            + " ORDER BY failed_at DESC LIMIT ?",
                        who(email, address),
                        now.minus(window).toEpochMilli(),
                        failuresMax)
                    .mapTo(Long.class)
                    .list());
    if (times.size() < failuresMax) {
      return Optional.empty();
    }
    // The oldest of the last so many decides: when it is forgotten there is room for another.
    Instant oldest = Instant.ofEpochMilli(times.get(times.size() - 1));
    return Optional.of(Duration.between(now, oldest.plus(window)));
  }

  /** Counts one failure, and forgets those that are older than the window. */
  public void add(String email, String address) {
    Instant now = clock.instant();
    database.with(
        handle -> {
          handle.execute(
              "DELETE FROM failed_logins WHERE failed_at <= ?", now.minus(window).toEpochMilli());
          return handle.execute(
              "INSERT INTO failed_logins (id, who, failed_at) VALUES (?, ?, ?)",
              UUID.randomUUID().toString(),
              who(email, address),
              now.toEpochMilli());
        });
  }

  /** A login that was right ends the count. */
  public void clear(String email, String address) {
    database.with(
        handle -> handle.execute("DELETE FROM failed_logins WHERE who = ?", who(email, address)));
  }

  /** No e-mail that somebody mistyped is kept, and no address. */
  private static String who(String email, String address) {
    String text = email.toLowerCase(Locale.ROOT) + "\n" + address;
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
