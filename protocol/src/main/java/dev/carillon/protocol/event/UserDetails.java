package dev.carillon.protocol.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.protocol.json.Field;
import dev.carillon.protocol.json.Json;
import dev.carillon.protocol.status.Profile;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a user's status takes from {@code user_info}: {@code
 * {"name":"Ann","avatar":"/a/42.png","device":"web","device_id":"d1"}}. What is missing, no text,
 * too long, or for a name or avatar blank, is not known.
 *
 * @param device {@code web}, {@code mobile}, {@code desktop}, or other text
 * @param deviceId stable over reconnects
 */
public record UserDetails(Profile profile, @Nullable String device, @Nullable String deviceId) {
  /** How many characters a kind of device may have. */
  public static final int MAX_DEVICE_LENGTH = 32;

  /** How many characters the id of a device may have. */
  public static final int MAX_DEVICE_ID_LENGTH = 128;

  private static final UserDetails UNKNOWN = new UserDetails(Profile.UNKNOWN, null, null);

  /** Reads them; of info that is missing or no object nothing is known. */
  public static UserDetails of(@Nullable RawJson userInfo) {
    if (userInfo == null || userInfo.bytes()[0] != '{') {
      return UNKNOWN;
    }
    byte[] bytes = userInfo.bytes();
    String name = null;
    String avatar = null;
    String device = null;
    String deviceId = null;
    try (JsonParser parser = Json.objectParser(bytes, 0, bytes.length)) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        String text = text(parser);
        switch (field) {
          case "name" -> name = text;
          case "avatar" -> avatar = text;
          case "device" -> device = atMost(MAX_DEVICE_LENGTH, text);
          case "device_id" -> deviceId = atMost(MAX_DEVICE_ID_LENGTH, text);
          default -> {
            // is the app's own
          }
        }
      }
      return new UserDetails(
          new Profile(Field.unlessBlank(name), Field.unlessBlank(avatar)), device, deviceId);
    } catch (IOException e) {
      throw new IllegalStateException("user_info was read before", e);
    }
  }

  private static @Nullable String text(JsonParser parser) throws IOException {
    if (parser.nextToken() == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    parser.skipChildren();
    return null;
  }

  private static @Nullable String atMost(int length, @Nullable String text) {
    return text == null || text.isEmpty() || text.length() > length ? null : text;
  }
}
