package dev.carillon.protocol.status;

import dev.carillon.protocol.json.JsonBytes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the app is told of a user: what others see, and what stands behind it.
 *
 * @param seen what others see
 * @param choice what the user has chosen; {@code null} for {@code auto}
 * @param schedule entries that are not over
 * @param lastSeen when others last saw the user; {@code null} while they do, and if they never did
 */
public record UserReport(
    UserStatus seen,
    @Nullable Status choice,
    List<ScheduleEntry> schedule,
    @Nullable Instant lastSeen) {
  /** Defensive copy. */
  public UserReport {
    schedule = List.copyOf(schedule);
  }

  /** The JSON object, in UTF-8. */
  public byte[] toBytes() {
    JsonBytes json = new JsonBytes(400);
    write(json);
    return json.toBytes();
  }

  private void write(JsonBytes json) {
    seen.write(json.syntax("{"), "");
    json.syntax(",\"version\":").number(seen.version());
    json.syntax(",\"choice\":").quoted(StatusChoice.text(choice)).syntax(",\"schedule\":");
    ScheduleEntry.write(json, schedule);
    Values.time(json.syntax(",\"last_seen\":"), lastSeen);
    json.syntax("}");
  }

  /** {@code {"statuses":[{"user_id":"42",…}]}} */
  public static byte[] statuses(List<UserReport> users) {
    JsonBytes json = new JsonBytes(32 + 400 * users.size()).syntax("{\"statuses\":[");
    String comma = "";
    for (UserReport user : users) {
      user.write(json.syntax(comma));
      comma = ",";
    }
    return json.syntax("]}").toBytes();
  }

  /** {@code {"schedule":[{"id":1,…}]}} */
  public byte[] scheduleToBytes() {
    JsonBytes json = new JsonBytes(32 + 160 * schedule.size()).syntax("{\"schedule\":");
    ScheduleEntry.write(json, schedule);
    return json.syntax("}").toBytes();
  }
}
