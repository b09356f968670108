package dev.carillon.protocol.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.json.Json;
import dev.carillon.protocol.json.JsonBytes;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads {@code user_info}: any JSON, kept as it came; {@code null} is as good as none. */
final class UserInfo {
  private UserInfo() {}

  /** The value that the parser of those bytes stands at. */
  static @Nullable RawJson read(JsonParser parser, byte[] bytes) throws IOException {
    boolean none = parser.currentToken() == JsonToken.VALUE_NULL;
    int from = Json.tokenStart(parser);
    RawJson info = RawJson.slice(bytes, from, Json.skipValue(parser));
    return none ? null : info;
  }

  /**
   * Checks its size.
   *
   * @throws ProtocolException if it is above the limit
   */
  static void check(@Nullable RawJson info, int maxBytes) {
    if (info != null && info.length() > maxBytes) {
      throw ProtocolException.limit(
          "user_info is too large: got " + info.length() + " bytes, allowed are " + maxBytes);
    }
  }

  /** The object without the pair of that name. */
  static RawJson without(String name, RawJson object) {
    byte[] bytes = object.bytes();
    JsonBytes others = new JsonBytes(bytes.length).syntax("{");
    String comma = "";
    boolean found = false;
    try (JsonParser parser = Json.objectParser(bytes, 0, bytes.length)) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean out = parser.currentName().equals(name);
        int from = Json.tokenStart(parser);
        parser.nextToken();
        int to = Json.skipValue(parser);
        if (!out) {
          others.syntax(comma).raw(Arrays.copyOfRange(bytes, from, to));
          comma = ",";
        }
        found |= out;
      }
    } catch (IOException e) {
      throw new IllegalStateException("user_info was read before", e);
    }
    byte[] rest = others.syntax("}").toBytes();
    return found ? RawJson.slice(rest, 0, rest.length) : object;
  }

  /** Writes an object so far that one more pair and the closing brace can follow. */
  static void writeOpen(RawJson object, JsonBytes json) {
    byte[] bytes = object.bytes();
    int last = bytes.length - 2;
    while (bytes[last] <= ' ') {
      last--;
    }
    json.raw(Arrays.copyOf(bytes, last + 1)).syntax(bytes[last] == '{' ? "" : ",");
  }
}
