package dev.carillon.protocol.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who signs in: the {@code user_data} of a sign-in, {@code
 * {"id":"u1","user_info":{"name":"Ann"},"watchlist":["a","c"]}}. Other keys are ignored. Source:
 * docs/PROTOCOL.md, "Sign-in".
 *
 * @param id given as a string: clients drop a sign-in whose id is a number
 * @param userInfo any JSON, unparsed; {@code null} if there is none
 * @param watchlist whose coming and going the user is told, each once; at most {@link
 *     #MAX_WATCHLIST}
 * @param watchlistCut whether the watchlist had more, which are not watched
 */
public record UserData(
    UserId id, @Nullable RawJson userInfo, List<UserId> watchlist, boolean watchlistCut) {
  /** How many users a watchlist may have. */
  public static final int MAX_WATCHLIST = 100;

  /** Defensive copy. */
  public UserData {
    watchlist = List.copyOf(watchlist);
  }

  /**
   * Reads who signs in.
   *
   * @param maxInfoBytes how many bytes {@code user_info} may have
   * @throws ProtocolException if it is not of that form or above the limit
   */
  public static UserData parse(String userData, int maxInfoBytes) {
    byte[] bytes = userData.getBytes(StandardCharsets.UTF_8);
    UserId id = null;
    RawJson userInfo = null;
    Set<UserId> watchlist = Set.of();
    try (JsonParser parser = Json.objectParser(bytes, 0, bytes.length)) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        switch (name) {
          case "id" -> id = userId(parser, token, "id");
          case "user_info" -> userInfo = UserInfo.read(parser, bytes);
          case "watchlist" -> watchlist = watchlist(parser, token);
          default -> parser.skipChildren();
        }
      }
      Json.expectEnd(parser);
    } catch (IOException e) {
      throw ProtocolException.invalid("Invalid user_data: expected a JSON object with id");
    }
    if (id == null) {
      throw ProtocolException.invalid("Invalid user_data: id is missing");
    }
    UserInfo.check(userInfo, maxInfoBytes);
    List<UserId> watched = watchlist.stream().limit(MAX_WATCHLIST).toList();
    return new UserData(id, userInfo, watched, watched.size() < watchlist.size());
  }

  private static Set<UserId> watchlist(JsonParser parser, @Nullable JsonToken token)
      throws IOException {
    if (token == JsonToken.VALUE_NULL) {
      return Set.of();
    }
    if (token != JsonToken.START_ARRAY) {
      throw ProtocolException.invalid(
          "Invalid watchlist: expected an array of user ids, got " + Json.name(token));
    }
    Set<UserId> watchlist = new LinkedHashSet<>();
    JsonToken item = parser.nextToken();
    while (item != null && item != JsonToken.END_ARRAY) {
      watchlist.add(userId(parser, item, "watchlist"));
      item = parser.nextToken();
    }
    return watchlist;
  }

  private static UserId userId(JsonParser parser, @Nullable JsonToken token, String key)
      throws IOException {
    if (token != JsonToken.VALUE_STRING) {
      throw ProtocolException.invalid(
          "Invalid user_data: expected a string in " + key + ", got " + Json.name(token));
    }
    return new UserId(parser.getText(), false);
  }
}
