package dev.carillon.auth.database;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The sessions that were signed out, so that a kept cookie is of no use: for all instances, and
 * over a restart. {@link Users#findOfSession} asks for them.
 *
 * <p>Thread-safe; blocks.
 */
public final class EndedSessions {
  private final Database database;
  private final InstantSource clock;

  public EndedSessions(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Ends that session; a second time does nothing. Those that have expired are forgotten. */
  public void add(String session, Instant expiry) {
    database.with(
        handle ->
            handle.execute(
                "DELETE FROM ended_sessions WHERE expires_at <= ?",
                clock.instant().toEpochMilli()));
    database.insertUnlessThere(
        "INSERT INTO ended_sessions (id, expires_at) VALUES (?, ?)",
        session,
        expiry.toEpochMilli());
  }
}
