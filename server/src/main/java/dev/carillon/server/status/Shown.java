package dev.carillon.server.status;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was last told of a user.
 *
 * @param others what others see
 * @param own what the user's own channel was told
 * @param source where the true status came from
 * @param since when others began to see the present status
 * @param ownSince when the true status began
 * @param lastActive as it was when others last saw the user; it tells nothing of who hides
 * @param lastSeen when others last saw the user; {@code null} if never
 * @param version of what others see; 0 if they were never told anything
 */
public record Shown(
    View others,
    View own,
    Source source,
    Instant since,
    Instant ownSince,
    @Nullable Instant lastActive,
    @Nullable Instant lastSeen,
    long version) {
  /** Where a status can come from. */
  public enum Source {
    NOWHERE,
    CHOICE,
    SCHEDULE,
    DEVICES
  }

  /** Of a user who was never seen. */
  static Shown nothing(Instant now) {
    return new Shown(View.OFFLINE, View.OFFLINE, Source.NOWHERE, now, now, null, null, 0);
  }

  /** The same at another version. */
  Shown at(long otherVersion) {
    return new Shown(others, own, source, since, ownSince, lastActive, lastSeen, otherVersion);
  }
}
