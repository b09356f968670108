package dev.carillon.protocol.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.json.Field;
import dev.carillon.protocol.json.Json;
import dev.carillon.protocol.status.ChoiceReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a client sent: one JSON object with a string {@code event}. But for client events
 * {@code data} may be an object, or a string that holds one. Of keys that repeat, the last counts.
 *
 * <p>Thread-safe.
 */
public final class ClientEventDecoder {
  private static final String CLIENT_PREFIX = "client-";

  /**
   * Reads one frame.
   *
   * @param frame valid UTF-8
   * @throws ProtocolException if it is no such object, or a field is missing or of the wrong type
   */
  public ClientEvent decode(byte[] frame) {
    Fields fields = read(frame);
    String event = fields.event;
    if (event == null) {
      throw malformed();
    }
    if (event.startsWith(CLIENT_PREFIX)) {
      return clientMessage(event, fields, frame);
    }
    return switch (event) {
      case "pusher:subscribe" -> subscribe(data(object(fields, frame)));
      case "pusher:unsubscribe" ->
          new ClientEvent.Unsubscribe(channel(data(object(fields, frame))));
      case "pusher:signin" -> signin(data(object(fields, frame)));
      case "status:set" -> statusSet(object(fields, frame));
      case "status:activity" -> new ClientEvent.StatusActivity();
      case "pusher:ping" -> new ClientEvent.Ping();
      case "pusher:pong" -> new ClientEvent.Pong();
      default -> new ClientEvent.Unknown(event);
    };
  }

  private static ClientEvent clientMessage(String event, Fields fields, byte[] frame) {
    String channel = fields.channel;
    if (channel == null || channel.isEmpty()) {
      throw ProtocolException.invalid("Invalid client event (must contain channel and data)");
    }
    RawJson data =
        fields.dataFrom < 0 ? null : RawJson.slice(frame, fields.dataFrom, fields.dataTo);
    return new ClientEvent.ClientMessage(event, channel, data);
  }

  private static ClientEvent subscribe(Data data) {
    return new ClientEvent.Subscribe(channel(data), data.auth, data.channelData);
  }

  private static ClientEvent signin(Data data) {
    if (data.auth == null || data.userData == null) {
      throw ProtocolException.invalid("Invalid sign-in (must contain auth and user_data)");
    }
    return new ClientEvent.Signin(data.auth, data.userData);
  }

  private static String channel(Data data) {
    String channel = data.channel;
    if (channel == null || channel.isEmpty()) {
      throw malformed();
    }
    return channel;
  }

  private Fields read(byte[] frame) {
    Fields fields = new Fields();
    try (JsonParser parser = Json.objectParser(frame, 0, frame.length)) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        switch (name) {
          case "event" -> fields.event = text(parser, token);
          case "channel" -> fields.channel = text(parser, token);
          case "data" -> {
            fields.dataFrom = Json.tokenStart(parser);
            fields.dataText = token == JsonToken.VALUE_STRING;
            fields.dataTo = Json.skipValue(parser);
          }
          default -> parser.skipChildren();
        }
      }
      Json.expectEnd(parser);
      return fields;
    } catch (IOException e) {
      throw malformed();
    }
  }

  /** The object that {@code data} is, or that the string in it holds. */
  private static byte[] object(Fields fields, byte[] frame) {
    if (fields.dataFrom < 0) {
      throw malformed();
    }
    if (!fields.dataText) {
      return Arrays.copyOfRange(frame, fields.dataFrom, fields.dataTo);
    }
    try {
      String text = Json.string(frame, fields.dataFrom, fields.dataTo - fields.dataFrom);
      return text.getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw malformed();
    }
  }

  private static ClientEvent statusSet(byte[] object) {
    ChoiceReader choice = new ChoiceReader();
    try (JsonParser parser = Json.objectParser(object, 0, object.length)) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        choice.read(new Field(name, parser));
        parser.skipChildren();
      }
      Json.expectEnd(parser);
    } catch (IOException e) {
      throw malformed();
    }
    return new ClientEvent.StatusSet(choice.choice());
  }

  private static Data data(byte[] object) {
    Data data = new Data();
    try (JsonParser parser = Json.objectParser(object, 0, object.length)) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        switch (name) {
          case "channel" -> data.channel = text(parser, token);
          case "auth" -> data.auth = text(parser, token);
          case "channel_data" -> data.channelData = text(parser, token);
          case "user_data" -> data.userData = text(parser, token);
          default -> parser.skipChildren();
        }
      }
      Json.expectEnd(parser);
      return data;
    } catch (IOException e) {
      throw malformed();
    }
  }

  /**
   * A string's content; {@code null} for JSON's null, which hand-written clients send for "none".
   */
  private static @Nullable String text(JsonParser parser, @Nullable JsonToken token)
      throws IOException {
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token != JsonToken.VALUE_STRING) {
      throw malformed();
    }
    return parser.getText();
  }

  private static ProtocolException malformed() {
    return ProtocolException.invalid("Invalid message format");
  }

  /** What a frame has at its top. */
  private static final class Fields {
    private @Nullable String event;
    private @Nullable String channel;
    private int dataFrom = -1;
    private int dataTo;
    private boolean dataText;
  }

  /** What {@code data} of a {@code pusher:} event may have. */
  private static final class Data {
    private @Nullable String channel;
    private @Nullable String auth;
    private @Nullable String channelData;
    private @Nullable String userData;
  }
}
