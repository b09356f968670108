package dev.carillon.auth.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.auth.database.Users;
import dev.carillon.auth.user.User;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.auth.ChannelAuth;
import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.auth.UserAuth;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.channel.SocketId;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Function;

/**
 * The two calls that pusher-js and laravel-echo make: they sign a subscription, or the user's
 * sign-in. Source: docs/PROTOCOL.md, "The auth endpoint".
 *
 * <p>Thread-safe; never blocks.
 */
final class Broadcasting {
  static final String AUTH = "/broadcasting/auth";
  static final String USER_AUTH = "/broadcasting/user-auth";

  private static final int WATCHLIST_MAX = 100;

  private final Credentials credentials;
  private final ChannelGate gate;
  private final Users users;
  private final BoundedWork database;

  Broadcasting(Credentials credentials, ChannelGate gate, Users users, BoundedWork database) {
    this.credentials = credentials;
    this.gate = gate;
    this.users = users;
    this.database = database;
  }

  /**
   * {@code socket_id}, {@code channel_name} and perhaps {@code device}, {@code device_id} → {@code
   * {"auth":"KEY:hex"}}, and {@code "channel_data":"{\"user_id\":\"1\",\"user_info\":{…}}"} for a
   * presence channel. 403 with a reason unless the rules let the user in; 422 if a field is not of
   * its form.
   */
  Future<Void> auth(RoutingContext context, User user) {
    Fields fields = Fields.of(context);
    List<String> required = fields.required("socket_id", "channel_name");
    SocketId socket = checked("socket_id", required.get(0), SocketId::new);
    ChannelName channel = checked("channel_name", required.get(1), ChannelName::of);
    if (!channel.type().signed()) {
      throw Refusal.invalid(
          "channel_name",
          "Invalid channel name: got '" + channel + "', only private- and presence- are signed");
    }
    ObjectNode info = info(user, context, fields);
    return database
        .call(() -> gate.check(user, channel))
        .compose(allowed -> Json.answer(context, 200, signed(socket, channel, user, info)));
  }

  private ObjectNode signed(SocketId socket, ChannelName channel, User user, ObjectNode info) {
    ObjectNode answer = Json.object();
    if (channel.type() != ChannelType.PRESENCE) {
      return answer.put("auth", ChannelAuth.sign(credentials, socket, channel, null));
    }
    ObjectNode member = Json.object().put("user_id", user.id());
    member.set("user_info", info);
    String channelData = Json.text(member);
    answer.put("auth", ChannelAuth.sign(credentials, socket, channel, channelData));
    return answer.put("channel_data", channelData);
  }

  /**
   * {@code socket_id} and perhaps {@code device}, {@code device_id} → {@code {"auth":"KEY:hex",
   * "user_data":"{\"id\":\"1\",\"user_info\":{…},\"watchlist\":[…]}"}}. 403 if nobody is signed in;
   * 422 if a field is not of its form.
   */
  Future<Void> userAuth(RoutingContext context, User user) {
    Fields fields = Fields.of(context);
    SocketId socket = checked("socket_id", fields.required("socket_id").get(0), SocketId::new);
    ObjectNode data = Json.object().put("id", user.id());
    data.set("user_info", info(user, context, fields));
    return database
        .call(() -> users.colleaguesOf(user.id(), WATCHLIST_MAX))
        .compose(
            watchlist -> {
              data.set("watchlist", Json.of(watchlist));
              String userData = Json.text(data);
              String auth = UserAuth.sign(credentials, socket, userData);
              ObjectNode answer = Json.object().put("auth", auth).put("user_data", userData);
              return Json.answer(context, 200, answer);
            });
  }

  private static <T> T checked(String field, String value, Function<String, T> type) {
    try {
      return type.apply(value);
    } catch (ProtocolException e) {
      throw Refusal.invalid(field, e.text());
    }
  }

  private static ObjectNode info(User user, RoutingContext context, Fields fields) {
    ObjectNode info = Json.object().put("name", user.name()).put("avatar", user.avatar());
    Device.of(context, fields).ifPresent(device -> info.put("device", device));
    Device.id(fields).ifPresent(id -> info.put("device_id", id));
    return info;
  }
}
