package dev.carillon.protocol.status;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.json.Field;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link StatusChoice} out of an object that may have further fields.
 *
 * <p>Confined to one thread.
 */
public final class ChoiceReader {
  private static final String ALLOWED = "one of online, away, busy, dnd, invisible, offline, auto";

  private boolean given;
  private @Nullable Status status;
  private @Nullable String message;
  private @Nullable Instant expiresAt;
  private @Nullable Duration duration;

  /** Reads the field if it is one of a choice; whether it is. */
  public boolean read(Field field) throws IOException {
    switch (field.name()) {
      case "status" -> {
        given = true;
        status = status(field);
      }
      case "custom_message" -> message = message(field);
      case "expires_at" -> expiresAt = field.isNull() ? null : field.time();
      case "duration" ->
          duration =
              field.isNull() ? null : Duration.ofSeconds(field.wholeNumber(1, Integer.MAX_VALUE));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Status status(Field field) throws IOException {
    String text = field.string(ALLOWED);
    return text.equals("auto") ? null : chosen(text, ALLOWED);
  }

  /** A message; a blank one is none. */
  static @Nullable String message(Field field) throws IOException {
    return field.textOrNone(StatusChoice.MAX_MESSAGE);
  }

  /** The status of that name, which somebody may choose. */
  static Status chosen(String text, String allowed) {
    Optional<Status> known = Status.of(text).filter(Status::mayBeChosen);
    return known.orElseThrow(() -> Field.invalid("status", Field.quoted(text), allowed));
  }

  /**
   * What was read.
   *
   * @throws ProtocolException if the status is missing, or there are two ends
   */
  public StatusChoice choice() {
    if (!given) {
      throw ProtocolException.invalid("Missing required parameter: status, allowed is " + ALLOWED);
    }
    if (expiresAt != null && duration != null) {
      throw ProtocolException.invalid(
          "Invalid duration: got expires_at too, allowed is one of duration and expires_at");
    }
    return new StatusChoice(status, message, expiresAt, duration);
  }
}
