package dev.carillon.protocol.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.Utf8;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one body of the trigger calls. The whole body is checked before anything of it is used.
 *
 * <p>Confined to one thread.
 */
final class TriggerReader {
  private static final String KEY = "idempotency_key";
  private static final Set<String> OPTIONAL = Set.of("socket_id", "info", KEY);

  private final byte[] body;
  private final TriggerLimits limits;

  TriggerReader(byte[] body, TriggerLimits limits) {
    this.body = body;
    this.limits = limits;
  }

  TriggerRequest event() {
    try (JsonParser parser = open()) {
      TriggerRequest event = event(parser, true);
      Json.expectEnd(parser);
      return event;
    } catch (IOException e) {
      throw invalidJson();
    }
  }

  TriggerBatch batch() {
    List<TriggerRequest> events = null;
    IdempotencyKey key = null;
    try (JsonParser parser = open()) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken token = parser.nextToken();
        if (field.equals("batch")) {
          events = events(parser, token);
        } else if (field.equals(KEY)) {
          key = key(parser, token);
        } else {
          parser.skipChildren();
        }
      }
      Json.expectEnd(parser);
    } catch (IOException e) {
      throw invalidJson();
    }
    if (events == null) {
      throw missing("batch");
    }
    if (events.isEmpty()) {
      throw ProtocolException.invalid(
          "Expected batch to have 1 to " + TriggerLimits.MAX_BATCH + " events, got 0");
    }
    if (events.size() > TriggerLimits.MAX_BATCH) {
      throw ProtocolException.invalid(
          "Batch too large (" + events.size() + " > " + TriggerLimits.MAX_BATCH + ")");
    }
    return new TriggerBatch(events, key);
  }

  private List<TriggerRequest> events(JsonParser parser, @Nullable JsonToken token)
      throws IOException {
    expect(token, JsonToken.START_ARRAY, "batch", "an array");
    List<TriggerRequest> events = new ArrayList<>();
    JsonToken item = parser.nextToken();
    while (item != JsonToken.END_ARRAY) {
      expect(item, JsonToken.START_OBJECT, "batch", "an array of objects");
      events.add(event(parser, false));
      item = parser.nextToken();
    }
    return events;
  }

  private JsonParser open() throws IOException {
    if (!Utf8.isValid(body)) {
      throw ProtocolException.invalid("Invalid body: expected JSON in UTF-8");
    }
    return Json.objectParser(body, 0, body.length);
  }

  /** Reads an event up to its closing brace. */
  private TriggerRequest event(JsonParser parser, boolean severalChannels) throws IOException {
    Fields fields = new Fields();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken token = parser.nextToken();
      switch (field) {
        case "name" -> fields.name = text(parser, token, field);
        case "data" -> fields.data = data(parser, token);
        case "channel" -> fields.channel = text(parser, token, field);
        case "channels" -> {
          if (severalChannels) {
            fields.channels = texts(parser, token);
          } else {
            parser.skipChildren();
          }
        }
        case "socket_id" -> fields.socketId = text(parser, token, field);
        case "info" -> fields.info = text(parser, token, field);
        case "urgent" -> fields.urgent = truth(parser, token, field);
        case KEY -> {
          if (!severalChannels) {
            throw ProtocolException.invalid(
                "Expected " + KEY + " beside batch, got one in an event: a batch is one request");
          }
          fields.key = key(parser, token);
        }
        default -> parser.skipChildren();
      }
    }
    return fields.event(limits, severalChannels);
  }

  private static @Nullable IdempotencyKey key(JsonParser parser, @Nullable JsonToken token)
      throws IOException {
    String key = text(parser, token, KEY);
    return key == null ? null : new IdempotencyKey(key);
  }

  private RawJson data(JsonParser parser, @Nullable JsonToken token) throws IOException {
    expect(token, JsonToken.VALUE_STRING, "data", "a string");
    int from = Json.tokenStart(parser);
    return RawJson.slice(body, from, Json.skipValue(parser));
  }

  private static @Nullable String text(JsonParser parser, @Nullable JsonToken token, String field)
      throws IOException {
    boolean optional = OPTIONAL.contains(field);
    if (token == JsonToken.VALUE_NULL && optional) {
      return null;
    }
    expect(token, JsonToken.VALUE_STRING, field, "a string");
    return parser.getText();
  }

  /** An optional value that is false where it is missing. */
  private static boolean truth(JsonParser parser, @Nullable JsonToken token, String field)
      throws IOException {
    if (token == JsonToken.VALUE_NULL) {
      return false;
    }
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw unexpected(field, "a boolean", token);
    }
    return parser.getBooleanValue();
  }

  private static List<String> texts(JsonParser parser, @Nullable JsonToken token)
      throws IOException {
    expect(token, JsonToken.START_ARRAY, "channels", "an array");
    List<String> texts = new ArrayList<>();
    JsonToken item = parser.nextToken();
    while (item != JsonToken.END_ARRAY) {
      expect(item, JsonToken.VALUE_STRING, "channels", "an array of strings");
      texts.add(parser.getText());
      item = parser.nextToken();
    }
    return texts;
  }

  private static void expect(
      @Nullable JsonToken token, JsonToken expected, String field, String what) {
    if (token != expected) {
      throw unexpected(field, what, token);
    }
  }

  private static ProtocolException unexpected(
      String field, String what, @Nullable JsonToken token) {
    return ProtocolException.invalid(
        "Expected " + field + " parameter to be " + what + ", got " + Json.name(token));
  }

  private static ProtocolException missing(String field) {
    return ProtocolException.invalid("Missing required parameter: " + field);
  }

  private static ProtocolException invalidJson() {
    return ProtocolException.invalid("Invalid body: expected a JSON object");
  }

  /** What an event's object has. */
  private static final class Fields {
    private @Nullable String name;
    private @Nullable RawJson data;
    private @Nullable String channel;
    private @Nullable List<String> channels;
    private @Nullable String socketId;
    private @Nullable String info;
    private boolean urgent;
    private @Nullable IdempotencyKey key;

    TriggerRequest event(TriggerLimits limits, boolean severalChannels) {
      String event = checkedName(name);
      RawJson content = data;
      if (content == null) {
        throw missing("data");
      }
      if (content.contentLength() > limits.maxDataBytes()) {
        throw ProtocolException.tooLarge(
            "The data content of this event exceeds the allowed maximum ("
                + limits.maxDataBytes()
                + " bytes). See https://pusher.com/docs/channels/server_api/http-api"
                + "#publishing-events for more info");
      }
      return new TriggerRequest(
          event,
          content,
          names(limits, severalChannels),
          socketId == null ? null : new SocketId(socketId),
          Info.parseOfEvent(info),
          urgent,
          key);
    }

    private static String checkedName(@Nullable String name) {
      if (name == null) {
        throw missing("name");
      }
      if (name.isEmpty() || name.length() > TriggerLimits.MAX_EVENT_LENGTH) {
        throw ProtocolException.invalid(
            "Invalid name: got "
                + name.length()
                + " characters, allowed are 1 to "
                + TriggerLimits.MAX_EVENT_LENGTH);
      }
      if (name.startsWith("pusher:") || name.startsWith("pusher_internal:")) {
        throw ProtocolException.invalid(
            "Invalid name: got '"
                + name
                + "', pusher: and pusher_internal: are the protocol's own");
      }
      return name;
    }

    private List<ChannelName> names(TriggerLimits limits, boolean severalChannels) {
      List<String> given = channels;
      if (given == null) {
        if (channel == null) {
          throw missing(severalChannels ? "channels" : "channel");
        }
        given = List.of(channel);
      }
      if (given.isEmpty() || given.size() > TriggerLimits.MAX_CHANNELS) {
        throw ProtocolException.invalid(
            "Invalid channels: got "
                + given.size()
                + ", allowed are 1 to "
                + TriggerLimits.MAX_CHANNELS);
      }
      Set<ChannelName> names = new LinkedHashSet<>();
      given.forEach(name -> names.add(limits.channel(name)));
      return List.copyOf(names);
    }
  }
}
