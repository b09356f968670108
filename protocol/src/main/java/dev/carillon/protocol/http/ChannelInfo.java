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
 * @param suppressed whether an event was not delivered now, since a user does not want to be
 *     disturbed
 */
public record ChannelInfo(
    @Nullable Boolean occupied,
    @Nullable Integer userCount,
    @Nullable Integer subscriptionCount,
    @Nullable CacheInfo cache,
    @Nullable Boolean suppressed) {
  /** {@code {}} */
  public static final ChannelInfo NONE = new ChannelInfo(null, null, null, null, null);

  /** What is told of a channel itself. */
  public ChannelInfo(
      @Nullable Boolean occupied,
      @Nullable Integer userCount,
      @Nullable Integer subscriptionCount,
      @Nullable CacheInfo cache) {
    this(occupied, userCount, subscriptionCount, cache, null);
  }

  /** That, and what became of an event there. */
  public ChannelInfo withSuppressed(boolean kept) {
    return new ChannelInfo(occupied, userCount, subscriptionCount, cache, kept);
  }

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
      comma = ",";
    }
    if (suppressed != null) {
      json.syntax(comma).syntax("\"suppressed\":").syntax(suppressed.toString());
    }
    json.syntax("}");
  }
}
