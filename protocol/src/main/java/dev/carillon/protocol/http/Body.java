package dev.carillon.protocol.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.Utf8;
import dev.carillon.protocol.json.Field;
import dev.carillon.protocol.json.Json;
import java.io.IOException;

/** A body that is one JSON object; of fields that repeat, the last counts. */
final class Body {
  /** Takes the fields of an object, one after the other. */
  @FunctionalInterface
  interface Fields {
    /** Reads that field; without reading, it is passed over. */
    void take(Field field) throws IOException;
  }

  private Body() {}

  static void read(byte[] body, Fields fields) {
    if (!Utf8.isValid(body)) {
      throw ProtocolException.invalid("Invalid body: expected JSON in UTF-8");
    }
    try (JsonParser parser = Json.objectParser(body, 0, body.length)) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        fields.take(new Field(name, parser));
        parser.skipChildren();
      }
      Json.expectEnd(parser);
    } catch (IOException e) {
      throw ProtocolException.invalid("Invalid body: expected a JSON object");
    }
  }

  /** The fields of an object in it. */
  static void object(Field object, Fields fields) throws IOException {
    object.expect(JsonToken.START_OBJECT, "an object or null");
    JsonParser parser = object.parser();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      fields.take(object.child());
      parser.skipChildren();
    }
  }
}
