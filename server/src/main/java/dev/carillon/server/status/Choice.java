package dev.carillon.server.status;

import dev.carillon.protocol.status.Status;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a user has chosen.
 *
 * @param status {@code null} for {@code auto}: only the message was chosen, if anything
 * @param expiresAt the first moment at which it is over; {@code null} if it does not end
 */
public record Choice(
    @Nullable Status status,
    @Nullable String message,
    @Nullable Instant expiresAt,
    Instant madeAt) {
  /** Whether it is not over. */
  boolean stands(Instant now) {
    return expiresAt == null || now.isBefore(expiresAt);
  }
}
