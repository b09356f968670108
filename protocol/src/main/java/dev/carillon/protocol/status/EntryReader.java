package dev.carillon.protocol.status;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.json.Field;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link ScheduleEntry} out of an object that may have further fields.
 *
 * <p>Confined to one thread.
 */
public final class EntryReader {
  private static final String ALLOWED = "one of online, away, busy, dnd, invisible, offline";

  private @Nullable Status status;
  private @Nullable String message;
  private @Nullable Instant startsAt;
  private @Nullable Instant endsAt;

  /** Reads the field if it is one of an entry. */
  public void read(Field field) throws IOException {
    switch (field.name()) {
      case "status" -> status = ChoiceReader.chosen(field.string(ALLOWED), ALLOWED);
      case "custom_message" -> message = ChoiceReader.message(field);
      case "starts_at" -> startsAt = field.time();
      case "ends_at" -> endsAt = field.time();
      default -> {
        // is the app's own
      }
    }
  }

  /**
   * What was read; its id is 0.
   *
   * @throws ProtocolException if something is missing, or it ends before it begins
   */
  public ScheduleEntry entry() {
    Status chosen = required("status", status);
    Instant start = required("starts_at", startsAt);
    Instant end = required("ends_at", endsAt);
    if (!end.isAfter(start)) {
      throw Field.invalid("ends_at", end, "a time after starts_at, which is " + start);
    }
    return new ScheduleEntry(0, chosen, message, start, end);
  }

  private static <T> T required(String field, @Nullable T value) {
    if (value == null) {
      throw ProtocolException.invalid("Missing required parameter: " + field);
    }
    return value;
  }
}
