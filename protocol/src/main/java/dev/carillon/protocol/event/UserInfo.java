package dev.carillon.protocol.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.json.Json;
import java.io.IOException;
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
}
