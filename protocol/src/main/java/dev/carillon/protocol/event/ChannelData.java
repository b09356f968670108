package dev.carillon.protocol.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code channel_data} of a subscription to a presence channel: {@code
 * {"user_id":"7","user_info":{"name":"Ann"}}}. {@code user_id} is a string or an integer, {@code
 * user_info} anything or absent; other keys are ignored.
 */
public final class ChannelData {
  /** Of a number that is refused, in characters. */
  private static final int MAX_TOLD = 32;

  private ChannelData() {}

  /**
   * Reads who joins.
   *
   * @param maxInfoBytes how many bytes {@code user_info} may have
   * @throws ProtocolException if it is not of that form or above the limit
   */
  public static Member member(String channelData, int maxInfoBytes) {
    byte[] bytes = channelData.getBytes(StandardCharsets.UTF_8);
    UserId userId = null;
    RawJson userInfo = null;
    try (JsonParser parser = Json.objectParser(bytes, 0, bytes.length)) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        switch (name) {
          case "user_id" -> userId = userId(parser, token);
          case "user_info" -> userInfo = UserInfo.read(parser, bytes);
          default -> parser.skipChildren();
        }
      }
      Json.expectEnd(parser);
    } catch (IOException e) {
      throw ProtocolException.invalid("Invalid channel_data: expected a JSON object with user_id");
    }
    if (userId == null) {
      throw ProtocolException.invalid("Invalid channel_data: user_id is missing");
    }
    UserInfo.check(userInfo, maxInfoBytes);
    return new Member(userId, userInfo);
  }

  private static UserId userId(JsonParser parser, @Nullable JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      return new UserId(parser.getText(), false);
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      String digits = parser.getText();
      if (digits.length() <= 17 && Math.abs(Long.parseLong(digits)) <= UserId.MAX_NUMBER) {
        return new UserId(digits, true);
      }
    }
    throw ProtocolException.invalid(
        "Invalid user_id: expected a string or an integer of at most "
            + UserId.MAX_NUMBER
            + ", got "
            + got(parser, token));
  }

  private static String got(JsonParser parser, @Nullable JsonToken token) throws IOException {
    if (token == null || !token.isNumeric()) {
      return Json.name(token);
    }
    String number = parser.getText();
    return number.length() <= MAX_TOLD ? number : "a number of " + number.length() + " characters";
  }
}
