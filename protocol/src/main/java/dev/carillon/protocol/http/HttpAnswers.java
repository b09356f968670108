package dev.carillon.protocol.http;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The bodies of the HTTP API's answers. A map without entries is {@code {}}: PHP's SDK fails on
 * {@code []}.
 */
public final class HttpAnswers {
  private HttpAnswers() {}

  /** {@code {}} */
  public static byte[] empty() {
    return "{}".getBytes(StandardCharsets.US_ASCII);
  }

  /** {@code {"channels":{"presence-a":{"user_count":2},"b":{}}}} */
  public static byte[] channels(Map<ChannelName, ChannelInfo> channels) {
    JsonBytes json = new JsonBytes(256).syntax("{\"channels\":{");
    String comma = "";
    for (Map.Entry<ChannelName, ChannelInfo> entry : channels.entrySet()) {
      json.syntax(comma).quoted(entry.getKey().value()).syntax(":");
      entry.getValue().write(json);
      comma = ",";
    }
    return json.syntax("}}").toBytes();
  }

  /** {@code {"batch":[{},{"user_count":2}]}} */
  public static byte[] batch(List<ChannelInfo> infos) {
    JsonBytes json = new JsonBytes(256).syntax("{\"batch\":[");
    String comma = "";
    for (ChannelInfo info : infos) {
      info.write(json.syntax(comma));
      comma = ",";
    }
    return json.syntax("]}").toBytes();
  }

  /** {@code {"users":[{"id":"7"},{"id":"8"}]}} */
  public static byte[] users(List<UserId> users) {
    JsonBytes json = new JsonBytes(256).syntax("{\"users\":[");
    String comma = "";
    for (UserId user : users) {
      json.syntax(comma).syntax("{\"id\":").quoted(user.value()).syntax("}");
      comma = ",";
    }
    return json.syntax("]}").toBytes();
  }

  /** {@code {"connections":3}} */
  public static byte[] connections(int connections) {
    return new JsonBytes(32).syntax("{\"connections\":").number(connections).syntax("}").toBytes();
  }
}
