package dev.carillon.protocol.status;

import dev.carillon.protocol.json.JsonBytes;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a user is: what others see, or what the user's own channel is told.
 *
 * @param userId 1 to 128 characters
 * @param lastActive when something was last done on a device; {@code null} if never
 * @param since when the status became this one
 * @param expiresAt when the choice or the entry of the schedule ends; {@code null} if it does not
 * @param devices the most active state of each kind of device
 * @param version rises by one with each change of what others see
 */
public record UserStatus(
    String userId,
    Profile profile,
    Status status,
    @Nullable String customMessage,
    @Nullable Instant lastActive,
    Instant since,
    @Nullable Instant expiresAt,
    SortedMap<String, DeviceState> devices,
    @Nullable Location location,
    long version) {
  /** Defensive copy. */
  public UserStatus {
    devices = Collections.unmodifiableSortedMap(new TreeMap<>(devices));
  }

  /** The JSON object {@code {"user_id":"42","status":"busy",…}}, in UTF-8. */
  public byte[] toBytes() {
    JsonBytes json = new JsonBytes(320).syntax("{");
    write(json, "");
    return json.syntax(",\"version\":").number(version).syntax("}").toBytes();
  }

  /**
   * Writes the object without its braces and its version.
   *
   * @param more is put behind {@code last_active}: further pairs, each begun by a comma
   */
  void write(JsonBytes json, String more) {
    json.syntax("\"user_id\":").quoted(userId);
    if (profile.name() != null) {
      json.syntax(",\"name\":").quoted(profile.name());
    }
    if (profile.avatar() != null) {
      json.syntax(",\"avatar\":").quoted(profile.avatar());
    }
    json.syntax(",\"status\":").quoted(status.text());
    Values.text(json.syntax(",\"custom_message\":"), customMessage);
    Values.time(json.syntax(",\"last_active\":"), lastActive);
    Values.time(json.syntax(more).syntax(",\"since\":"), since);
    Values.time(json.syntax(",\"expires_at\":"), expiresAt);
    writeDevices(json.syntax(",\"devices\":"));
    writeLocation(json.syntax(",\"location\":"));
  }

  /** Writes what is seen, without braces: a change of it is news. */
  public void writeSeen(JsonBytes json) {
    json.syntax("\"status\":").quoted(status.text());
    Values.text(json.syntax(",\"custom_message\":"), customMessage);
    Values.time(json.syntax(",\"expires_at\":"), expiresAt);
    writeDevices(json.syntax(",\"devices\":"));
    writeLocation(json.syntax(",\"location\":"));
  }

  /** Writes since when that is so, without braces. */
  public void writeWhen(JsonBytes json) {
    Values.time(json.syntax("\"last_active\":"), lastActive);
    Values.time(json.syntax(",\"since\":"), since);
    json.syntax(",\"version\":").number(version);
  }

  private void writeDevices(JsonBytes json) {
    json.syntax("{");
    String comma = "";
    for (Map.Entry<String, DeviceState> device : devices.entrySet()) {
      json.syntax(comma).quoted(device.getKey()).syntax(":").quoted(device.getValue().text());
      comma = ",";
    }
    json.syntax("}");
  }

  private void writeLocation(JsonBytes json) {
    if (location == null) {
      json.syntax("null");
    } else {
      location.write(json);
    }
  }

  /** Writes the entry of {@code pusher_internal:watchlist_events}. */
  public void writeWatchlistEntry(JsonBytes json) {
    json.syntax("{\"name\":\"status\",\"user_ids\":[").quoted(userId).syntax("],\"status\":");
    Values.text(json.quoted(status.text()).syntax(",\"custom_message\":"), customMessage);
    json.syntax(",\"version\":").number(version).syntax("}");
  }
}
