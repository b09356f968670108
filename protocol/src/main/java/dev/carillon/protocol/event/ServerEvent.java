package dev.carillon.protocol.event;

import dev.carillon.protocol.ErrorCode;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.json.JsonBytes;
import dev.carillon.protocol.status.UserStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the server sends. {@code data} is a JSON string that holds JSON, but for {@code
 * pusher:error}, {@code pusher:subscription_error} and client events, whose data passes through. No
 * key is ever {@code null}, but for the {@code code} of an error that closes nothing. Source:
 * docs/PROTOCOL.md, "From the server".
 */
public sealed interface ServerEvent {
  /** The text of the frame, in UTF-8. */
  byte[] toBytes();

  /** The first frame of each connection. */
  record ConnectionEstablished(SocketId socketId, long activityTimeoutSeconds)
      implements ServerEvent {
    @Override
    public byte[] toBytes() {
      return new JsonBytes(160)
          .syntax("{\"event\":\"pusher:connection_established\",\"data\":")
          .openNested()
          .syntax("{\"socket_id\":")
          .quoted(socketId.value())
          .syntax(",\"activity_timeout\":")
          .number(activityTimeoutSeconds)
          .syntax("}")
          .closeNested()
          .syntax("}")
          .toBytes();
    }
  }

  /** The answer to {@code pusher:ping}. */
  record Pong() implements ServerEvent {
    private static final String FRAME = "{\"event\":\"pusher:pong\",\"data\":\"{}\"}";

    @Override
    public byte[] toBytes() {
      return FRAME.getBytes(StandardCharsets.US_ASCII);
    }
  }

  /**
   * {@code pusher:error}.
   *
   * @param code none for an error after which the connection stays open, unless it is a 43xx
   */
  record Failure(@Nullable ErrorCode code, String message) implements ServerEvent {
    /** What to answer to that mistake. */
    public static Failure of(ProtocolException mistake) {
      return new Failure(mistake.code().orElse(null), mistake.text());
    }

    @Override
    public byte[] toBytes() {
      return new JsonBytes(80 + message.length())
          .syntax("{\"event\":\"pusher:error\",\"data\":{\"code\":")
          .syntax(code == null ? "null" : Integer.toString(code.code()))
          .syntax(",\"message\":")
          .quoted(message)
          .syntax("}}")
          .toBytes();
    }
  }

  /** A subscription to a channel without members has begun. */
  record SubscriptionSucceeded(ChannelName channel) implements ServerEvent {
    @Override
    public byte[] toBytes() {
      return Frame.of("pusher_internal:subscription_succeeded", channel)
          .syntax(",\"data\":\"{}\"}")
          .toBytes();
    }
  }

  /**
   * A subscription to a presence channel has begun.
   *
   * @param members each user once, the subscriber among them
   */
  record PresenceSucceeded(ChannelName channel, List<Member> members) implements ServerEvent {
    @Override
    public byte[] toBytes() {
      JsonBytes json = Frame.of("pusher_internal:subscription_succeeded", channel);
      json.syntax(",\"data\":").openNested().syntax("{\"presence\":{\"count\":");
      json.number(members.size()).syntax(",\"ids\":[");
      String comma = "";
      for (Member member : members) {
        member.userId().write(json.syntax(comma));
        comma = ",";
      }
      json.syntax("],\"hash\":{");
      comma = "";
      for (Member member : members) {
        member.writeInfo(json.syntax(comma).quoted(member.userId().value()).syntax(":"));
        comma = ",";
      }
      return json.syntax("}}}").closeNested().syntax("}").toBytes();
    }
  }

  /** A cache channel has no event to give to who has just subscribed. */
  record CacheMiss(ChannelName channel) implements ServerEvent {
    @Override
    public byte[] toBytes() {
      return Frame.of("pusher:cache_miss", channel).syntax(",\"data\":\"{}\"}").toBytes();
    }
  }

  /** How many connections are subscribed to a channel now. */
  record SubscriptionCount(ChannelName channel, int count) implements ServerEvent {
    @Override
    public byte[] toBytes() {
      return Frame.of("pusher_internal:subscription_count", channel)
          .syntax(",\"data\":")
          .openNested()
          .syntax("{\"subscription_count\":")
          .number(count)
          .syntax("}")
          .closeNested()
          .syntax("}")
          .toBytes();
    }
  }

  /**
   * A subscription was refused. Followed by a {@link Failure} with the whole text.
   *
   * @param channel the name as the client sent it, valid or not
   */
  record SubscriptionError(String channel, String type, String error, int status)
      implements ServerEvent {
    @Override
    public byte[] toBytes() {
      return new JsonBytes(140 + channel.length() + error.length())
          .syntax("{\"event\":\"pusher:subscription_error\",\"channel\":")
          .quoted(channel)
          .syntax(",\"data\":{\"type\":")
          .quoted(type)
          .syntax(",\"error\":")
          .quoted(error)
          .syntax(",\"status\":")
          .number(status)
          .syntax("}}")
          .toBytes();
    }
  }

  /**
   * The connection is signed in.
   *
   * @param userData the string that the client sent
   */
  record SigninSucceeded(String userData) implements ServerEvent {
    @Override
    public byte[] toBytes() {
      return new JsonBytes(100 + 2 * userData.length())
          .syntax("{\"event\":\"pusher:signin_success\",\"data\":")
          .openNested()
          .syntax("{\"user_data\":")
          .quoted(userData)
          .syntax("}")
          .closeNested()
          .syntax("}")
          .toBytes();
    }
  }

  /**
   * Who of a watchlist is online and who is not: of all of it after the sign-in, then of one user
   * with each change. A group without users is left out.
   */
  record WatchlistEvents(List<UserId> online, List<UserId> offline, List<UserStatus> statuses)
      implements ServerEvent {
    /** Who is online and who is not, and nothing of how they are. */
    public WatchlistEvents(List<UserId> online, List<UserId> offline) {
      this(online, offline, List.of());
    }

    /** One user has come online or gone offline. */
    public static WatchlistEvents change(UserId user, boolean online) {
      return online
          ? new WatchlistEvents(List.of(user), List.of())
          : new WatchlistEvents(List.of(), List.of(user));
    }

    @Override
    public byte[] toBytes() {
      JsonBytes json =
          new JsonBytes(140 + 16 * (online.size() + offline.size()) + 100 * statuses.size())
              .syntax("{\"event\":\"pusher_internal:watchlist_events\",\"data\":")
              .openNested()
              .syntax("{\"events\":[");
      String comma = group(json, "", "online", online);
      comma = group(json, comma, "offline", offline);
      for (UserStatus status : statuses) {
        status.writeWatchlistEntry(json.syntax(comma));
        comma = ",";
      }
      return json.syntax("]}").closeNested().syntax("}").toBytes();
    }

    /** What is put before the next. */
    private static String group(JsonBytes json, String before, String name, List<UserId> users) {
      if (users.isEmpty()) {
        return before;
      }
      json.syntax(before).syntax("{\"name\":").quoted(name).syntax(",\"user_ids\":[");
      String comma = "";
      for (UserId user : users) {
        json.syntax(comma).quoted(user.value());
        comma = ",";
      }
      json.syntax("]}");
      return ",";
    }
  }

  /** How a user of a watchlist is; for who asks, beside who is online and who is not. */
  record WatchlistStatus(UserStatus user) implements ServerEvent {
    @Override
    public byte[] toBytes() {
      JsonBytes json =
          new JsonBytes(240).syntax("{\"event\":\"pusher_internal:watchlist_events\",");
      json.syntax("\"data\":").openNested().syntax("{\"events\":[");
      user.writeWatchlistEntry(json);
      return json.syntax("]}").closeNested().syntax("}").toBytes();
    }
  }

  /** A user's first connection has joined a presence channel. */
  record MemberAdded(ChannelName channel, Member member) implements ServerEvent {
    @Override
    public byte[] toBytes() {
      JsonBytes json = Frame.of("pusher_internal:member_added", channel);
      json.syntax(",\"data\":").openNested().syntax("{\"user_id\":");
      member.userId().write(json);
      if (member.hasInfo()) {
        member.writeInfo(json.syntax(",\"user_info\":"));
      }
      return json.syntax("}").closeNested().syntax("}").toBytes();
    }
  }

  /** A user's last connection has left a presence channel. */
  record MemberRemoved(ChannelName channel, UserId userId) implements ServerEvent {
    @Override
    public byte[] toBytes() {
      JsonBytes json = Frame.of("pusher_internal:member_removed", channel);
      json.syntax(",\"data\":").openNested().syntax("{\"user_id\":");
      userId.write(json);
      return json.syntax("}").closeNested().syntax("}").toBytes();
    }
  }

  /**
   * An event that the app's server triggered.
   *
   * @param data a JSON string, as the request had it
   */
  record ChannelMessage(ChannelName channel, String event, RawJson data) implements ServerEvent {
    @Override
    public byte[] toBytes() {
      return Frame.of(event, channel).syntax(",\"data\":").raw(data.bytes()).syntax("}").toBytes();
    }
  }

  /**
   * An event that another client sent.
   *
   * @param data as it was sent; {@code null} if it had none
   * @param userId who sent it, on presence channels
   */
  record ClientMessage(
      ChannelName channel, String event, @Nullable RawJson data, @Nullable UserId userId)
      implements ServerEvent {
    @Override
    public byte[] toBytes() {
      JsonBytes json = Frame.of(event, channel);
      if (data != null) {
        json.syntax(",\"data\":").raw(data.bytes());
      }
      if (userId != null) {
        json.syntax(",\"user_id\":").quoted(userId.value());
      }
      return json.syntax("}").toBytes();
    }
  }
}
