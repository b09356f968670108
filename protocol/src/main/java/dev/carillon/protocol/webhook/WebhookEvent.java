package dev.carillon.protocol.webhook;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.json.JsonBytes;
import dev.carillon.protocol.status.StatusUpdate;
import org.jspecify.annotations.Nullable;

/**
 * One event of a webhook's body: {@code {"name":"channel_occupied","channel":"news"}}. Each has a
 * channel: Pusher's PHP library reads it of every one. Ids of users are strings. Source:
 * docs/PROTOCOL.md, "Webhooks".
 */
public sealed interface WebhookEvent {
  ChannelName channel();

  /** The JSON object, in UTF-8. */
  byte[] toBytes();

  /** A channel has its first subscriber. */
  record ChannelOccupied(ChannelName channel) implements WebhookEvent {
    @Override
    public byte[] toBytes() {
      return begin("channel_occupied", channel).syntax("}").toBytes();
    }
  }

  /** A channel has lost its last subscriber. */
  record ChannelVacated(ChannelName channel) implements WebhookEvent {
    @Override
    public byte[] toBytes() {
      return begin("channel_vacated", channel).syntax("}").toBytes();
    }
  }

  /** A user has joined a presence channel. */
  record MemberAdded(ChannelName channel, UserId userId) implements WebhookEvent {
    @Override
    public byte[] toBytes() {
      return user(begin("member_added", channel), userId).syntax("}").toBytes();
    }
  }

  /** A user has left a presence channel. */
  record MemberRemoved(ChannelName channel, UserId userId) implements WebhookEvent {
    @Override
    public byte[] toBytes() {
      return user(begin("member_removed", channel), userId).syntax("}").toBytes();
    }
  }

  /**
   * A client has sent an event.
   *
   * @param data as it was sent; {@code null} if it had none
   * @param userId who sent it, on presence channels
   */
  record ClientMessage(
      ChannelName channel,
      String event,
      @Nullable RawJson data,
      SocketId socketId,
      @Nullable UserId userId)
      implements WebhookEvent {
    @Override
    public byte[] toBytes() {
      JsonBytes json = begin("client_event", channel).syntax(",\"event\":").quoted(event);
      if (data != null) {
        data.write(json.syntax(",\"data\":"));
      }
      json.syntax(",\"socket_id\":").quoted(socketId.value());
      if (userId != null) {
        user(json, userId);
      }
      return json.syntax("}").toBytes();
    }
  }

  /** Somebody has subscribed to a cache channel that holds nothing. */
  record CacheMiss(ChannelName channel) implements WebhookEvent {
    @Override
    public byte[] toBytes() {
      return begin("cache_miss", channel).syntax("}").toBytes();
    }
  }

  /** A channel has so many subscriptions now. */
  record SubscriptionCount(ChannelName channel, int count) implements WebhookEvent {
    @Override
    public byte[] toBytes() {
      return begin("subscription_count", channel)
          .syntax(",\"subscription_count\":")
          .number(count)
          .syntax("}")
          .toBytes();
    }
  }

  /**
   * How a user is has changed, for others.
   *
   * @param channel the user's own
   */
  record UserStatusUpdated(ChannelName channel, StatusUpdate update) implements WebhookEvent {
    @Override
    public byte[] toBytes() {
      return begin("user_status_updated", channel)
          .syntax(",\"user_id\":")
          .quoted(update.now().userId())
          .syntax(",\"data\":")
          .raw(update.toBytes())
          .syntax("}")
          .toBytes();
    }
  }

  private static JsonBytes begin(String name, ChannelName channel) {
    return new JsonBytes(128)
        .syntax("{\"name\":\"")
        .syntax(name)
        .syntax("\",\"channel\":")
        .quoted(channel.value());
  }

  private static JsonBytes user(JsonBytes json, UserId userId) {
    return json.syntax(",\"user_id\":").quoted(userId.value());
  }
}
