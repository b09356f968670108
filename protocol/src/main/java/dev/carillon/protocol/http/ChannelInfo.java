package dev.carillon.protocol.http;

import dev.carillon.protocol.json.JsonBytes;
import org.jspecify.annotations.Nullable;

/**
 * What is told of a channel. What was not asked for is {@code null}, and left out.
 *
 * @param occupied whether somebody is subscribed
 * @param userCount how many users are in
 * @param subscriptionCount how many connections are subscribed
 * @param cache what a cache channel keeps
 */
public record ChannelInfo(
    @Nullable Boolean occupied,
    @Nullable Integer userCount,
    @Nullable Integer subscriptionCount,
    @Nullable CacheInfo cache) {
  /** {@code {}} */
  public static final ChannelInfo NONE = new ChannelInfo(null, null, null, null);

  /** The answer to {@code GET /apps/<id>/channels/<channel>}. */
  public byte[] toBytes() {
    JsonBytes json = new JsonBytes(64);
    write(json);
    return json.toBytes();
  }

  void write(JsonBytes json) {
    json.syntax("{");
    String comma = "";
    if (occupied != null) {
      json.syntax("\"occupied\":").syntax(occupied.toString());
      comma = ",";
    }
    if (userCount != null) {
      json.syntax(comma).syntax("\"user_count\":").number(userCount);
      comma = ",";
    }
    if (subscriptionCount != null) {
      json.syntax(comma).syntax("\"subscription_count\":").number(subscriptionCount);
      comma = ",";
    }
    if (cache != null) {
      cache.write(json.syntax(comma).syntax("\"cache\":"));
    }
    json.syntax("}");
  }
}
