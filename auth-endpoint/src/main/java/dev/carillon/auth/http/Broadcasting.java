package dev.carillon.auth.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.auth.user.User;
import dev.carillon.auth.user.UserDirectory;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.auth.ChannelAuth;
import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.auth.UserAuth;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.channel.SocketId;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Function;

/**
 * The two calls that pusher-js and laravel-echo make: they sign a subscription, or the user's
 * sign-in. Source: docs/PROTOCOL.md, "The auth endpoint".
 *
 * <p>Thread-safe; asks the directory, so it may block.
 */
final class Broadcasting {
  static final String AUTH = "/broadcasting/auth";
  static final String USER_AUTH = "/broadcasting/user-auth";

  private static final int WATCHLIST_MAX = 100;

  private final Credentials credentials;
  private final ChannelGate gate;
  private final SignedInUser signedIn;
  private final UserDirectory directory;

  Broadcasting(
      Credentials credentials, ChannelGate gate, SignedInUser signedIn, UserDirectory directory) {
    this.credentials = credentials;
    this.gate = gate;
    this.signedIn = signedIn;
    this.directory = directory;
  }

  /**
   * {@code socket_id}, {@code channel_name} and perhaps {@code device} → {@code
   * {"auth":"KEY:hex"}}, and {@code "channel_data":"{\"user_id\":\"1\",\"user_info\":{…}}"} for a
   * presence channel. 403 with a reason unless the rules let the user in; 422 if a field is not of
   * its form.
   */
  void auth(RoutingContext context) {
    User user = userOf(context);
    Fields fields = Fields.of(context);
    List<String> required = fields.required("socket_id", "channel_name");
    SocketId socket = checked("socket_id", required.get(0), SocketId::new);
    ChannelName channel = checked("channel_name", required.get(1), ChannelName::of);
    if (!channel.type().signed()) {
      throw Refusal.invalid(
          "channel_name",
          "Invalid channel name: got '" + channel + "', only private- and presence- are signed");
    }
    gate.check(user, channel);

    ObjectNode answer = Json.object();
    if (channel.type() == ChannelType.PRESENCE) {
      ObjectNode member = Json.object().put("user_id", user.id());
      member.set("user_info", info(user, context, fields));
      String channelData = Json.text(member);
      answer.put("auth", ChannelAuth.sign(credentials, socket, channel, channelData));
      answer.put("channel_data", channelData);
    } else {
      answer.put("auth", ChannelAuth.sign(credentials, socket, channel, null));
    }
    Json.answer(context, 200, answer);
  }

  /**
   * {@code socket_id} and perhaps {@code device} → {@code {"auth":"KEY:hex",
   * "user_data":"{\"id\":\"1\",\"user_info\":{…},\"watchlist\":[…]}"}}. 403 if nobody is signed in;
   * 422 if a field is not of its form.
   */
  void userAuth(RoutingContext context) {
    User user = userOf(context);
    Fields fields = Fields.of(context);
    SocketId socket = checked("socket_id", fields.required("socket_id").get(0), SocketId::new);

    ObjectNode data = Json.object().put("id", user.id());
    data.set("user_info", info(user, context, fields));
    data.set("watchlist", watchlist(user));
    String userData = Json.text(data);
    ObjectNode answer = Json.object().put("auth", UserAuth.sign(credentials, socket, userData));
    Json.answer(context, 200, answer.put("user_data", userData));
  }

  private User userOf(RoutingContext context) {
    return signedIn.of(context).orElseThrow(() -> Refusal.forbidden("Nobody is signed in."));
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
    return info;
  }

  private ArrayNode watchlist(User user) {
    ArrayNode ids = Json.object().arrayNode();
    directory.teamsOf(user.id()).stream()
        .flatMap(team -> directory.membersOf(team.id()).stream())
        .map(User::id)
        .filter(id -> !id.equals(user.id()))
        .distinct()
        .limit(WATCHLIST_MAX)
        .forEach(ids::add);
    return ids;
  }
}
