package dev.carillon.protocol.status;

import dev.carillon.protocol.json.JsonBytes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A status that a user will have for a time.
 *
 * @param id names it among the user's entries; rises from entry to entry
 * @param status one that may be chosen
 * @param startsAt the first moment of it
 * @param endsAt the first moment after it
 */
public record ScheduleEntry(
    long id, Status status, @Nullable String customMessage, Instant startsAt, Instant endsAt) {
  /** Whether it is this entry's time. */
  public boolean runs(Instant now) {
    return !now.isBefore(startsAt) && now.isBefore(endsAt);
  }

  /** The JSON object, in UTF-8. */
  public byte[] toBytes() {
    JsonBytes json = new JsonBytes(160);
    write(json);
    return json.toBytes();
  }

  void write(JsonBytes json) {
    json.syntax("{\"id\":").number(id).syntax(",\"status\":").quoted(status.text());
    Values.text(json.syntax(",\"custom_message\":"), customMessage);
    Values.time(json.syntax(",\"starts_at\":"), startsAt);
    Values.time(json.syntax(",\"ends_at\":"), endsAt);
    json.syntax("}");
  }

  /** {@code [{"id":1,"status":"busy",…}]} */
  static void write(JsonBytes json, List<ScheduleEntry> entries) {
    json.syntax("[");
    String comma = "";
    for (ScheduleEntry entry : entries) {
      entry.write(json.syntax(comma));
      comma = ",";
    }
    json.syntax("]");
  }
}
