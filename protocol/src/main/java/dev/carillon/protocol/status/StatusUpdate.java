package dev.carillon.protocol.status;

import dev.carillon.protocol.json.JsonBytes;

/**
 * A change of how a user is: the data of {@code user.status.updated}.
 *
 * @param previous the status before
 */
public record StatusUpdate(UserStatus now, Status previous, Cause cause) {
  /** The name of the event that tells it. */
  public static final String EVENT = "user.status.updated";

  /** The JSON object, in UTF-8. */
  public byte[] toBytes() {
    return write(new JsonBytes(400)).toBytes();
  }

  /** The JSON object in a JSON string, as the data of an event are. */
  public byte[] toData() {
    return write(new JsonBytes(480).openNested()).closeNested().toBytes();
  }

  private JsonBytes write(JsonBytes json) {
    json.syntax("{");
    now.write(json, ",\"previous\":\"" + previous.text() + "\"");
    return json.syntax(",\"cause\":")
        .quoted(cause.text())
        .syntax(",\"version\":")
        .number(now.version())
        .syntax("}");
  }
}
