package dev.carillon.protocol.event;

import java.util.List;
import java.util.Random;

/** Makes up JSON, as odd as JSON can be. */
final class RandomJson {
  private static final int MAX_DEPTH = 6;

  private static final List<String> SCALARS =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-0",
          "1.50",
          "1e400",
          "-1E-7",
          "12345678901234567890",
          "0.1000000000000000055511151231257827",
          "\"\"",
          "\"plain\"",
          "\"\\/\"",
          "\"/\"",
          "\"\\u00fc\\u0000\"",
          "\"ü日😀\"",
          "\"\\ud83d\\ude00\"",
          "\"\\ud800\"",
          "\"\\n\\\\\\\"\"",
          "\"{\\\"a\\\":1}\"",
          "{}",
          "[]",
          "{ }",
          "[ ]");

  private static final List<String> EVENTS =
      List.of(
          "\"pusher:subscribe\"",
          "\"pusher:unsubscribe\"",
          "\"pusher:signin\"",
          "\"status:set\"",
          "\"status:activity\"",
          "\"pusher:ping\"",
          "\"pusher:pong\"",
          "\"client-a\"",
          "\"client-\\ud800\"",
          "\"client-\\u0000\\\"\"",
          "\"pusher:else\"",
          "\"\"",
          "1",
          "null",
          "{}");

  private static final List<String> CHANNELS =
      List.of(
          "\"a\"",
          "\"private-a\"",
          "\"presence-ü\"",
          "\"\"",
          "\"#x\"",
          "\"\\udc00\"",
          "null",
          "7",
          "[\"a\"]",
          "\"#server-to-user-\"");

  private final Random random;

  RandomJson(Random random) {
    this.random = random;
  }

  /** A value, with no white space around it. */
  String value(int depth) {
    if (depth >= MAX_DEPTH || random.nextInt(3) > 0) {
      return oneOf(SCALARS);
    }
    StringBuilder json = new StringBuilder();
    boolean array = random.nextBoolean();
    json.append(array ? '[' : '{');
    for (int i = random.nextInt(4); i >= 0; i--) {
      json.append(space());
      if (!array) {
        json.append(oneOf(List.of("\"a\"", "\"a\"", "\"\"", "\"\\u0061\"", "\"ü\"")))
            .append(space());
        json.append(':').append(space());
      }
      json.append(value(depth + 1)).append(space()).append(i == 0 ? "" : ",");
    }
    return json.append(array ? ']' : '}').toString();
  }

  /** An object with those keys and values, and other keys and white space in between. */
  String object(String... keysAndValues) {
    StringBuilder json = new StringBuilder(space()).append('{');
    for (int i = 0; i < keysAndValues.length; i += 2) {
      if (random.nextInt(4) == 0) {
        json.append("\"x").append(i).append("\":").append(value(0)).append(',');
      }
      json.append(space()).append('"').append(keysAndValues[i]).append('"').append(space());
      json.append(':').append(space()).append(keysAndValues[i + 1]).append(space());
      json.append(i + 2 < keysAndValues.length ? "," : "");
    }
    return json.append('}').append(space()).toString();
  }

  /** A frame that is JSON, of right and wrong fields. */
  String frame() {
    String event = oneOf(EVENTS);
    return switch (random.nextInt(8)) {
      case 0 -> value(0);
      case 1 -> object("event", event, "event", oneOf(EVENTS), "data", value(0), "data", data());
      case 2 -> object("event", event, "channel", oneOf(CHANNELS));
      case 3 -> object("event", event, "channel", "\"a\"", "data", deep());
      case 4 -> object("event", event, "n", "9".repeat(random.nextInt(3_000) + 1));
      default -> object("data", data(), "channel", oneOf(CHANNELS), "event", event);
    };
  }

  private String data() {
    String data =
        object(
            "channel",
            oneOf(CHANNELS),
            "auth",
            oneOf(SCALARS),
            "channel_data",
            channelData(),
            "user_data",
            userData(),
            "status",
            oneOf(List.of("\"busy\"", "\"auto\"", "\"idle\"", oneOf(SCALARS))),
            "custom_message",
            oneOf(SCALARS),
            "expires_at",
            oneOf(List.of("\"2026-01-05T11:00:00Z\"", "null", oneOf(SCALARS))));
    return random.nextInt(4) == 0 ? quoted(data) : data;
  }

  private String userData() {
    return random.nextInt(3) == 0
        ? oneOf(SCALARS)
        : quoted(
            object(
                "id",
                oneOf(SCALARS),
                "user_info",
                value(0),
                "watchlist",
                "[" + oneOf(SCALARS) + "]"));
  }

  private String channelData() {
    return random.nextInt(3) == 0
        ? oneOf(SCALARS)
        : quoted(object("user_id", oneOf(SCALARS), "user_info", value(0)));
  }

  private String deep() {
    int depth = random.nextInt(2_000) + 1;
    return random.nextBoolean()
        ? "[".repeat(depth) + "]".repeat(depth)
        : "{\"a\":".repeat(depth) + "1" + "}".repeat(random.nextBoolean() ? depth : 0);
  }

  private String space() {
    return random.nextInt(4) == 0 ? oneOf(List.of(" ", "\t", "\n", "\r\n  ")) : "";
  }

  private String oneOf(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static String quoted(String text) {
    return RawJson.string(text).toString();
  }
}
