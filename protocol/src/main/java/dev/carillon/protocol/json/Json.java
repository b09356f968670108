package dev.carillon.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Jackson, set up for input that nobody vouches for. For this module's own use.
 *
 * <p>Thread-safe.
 */
public final class Json {
  private static final int MAX_DEPTH = 200;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // clients choose the names
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private Json() {}

  /** A parser that stands behind the opening brace of an object. */
  public static JsonParser objectParser(byte[] bytes, int from, int length) throws IOException {
    return parser(bytes, from, length, JsonToken.START_OBJECT);
  }

  /** A parser that stands behind the opening bracket of an array. */
  public static JsonParser arrayParser(byte[] bytes) throws IOException {
    return parser(bytes, 0, bytes.length, JsonToken.START_ARRAY);
  }

  private static JsonParser parser(byte[] bytes, int from, int length, JsonToken first)
      throws IOException {
    // Jackson guesses UTF-16 and UTF-32 from a zero among the first four bytes; JSON in UTF-8 has
    // none.
    for (int i = from; i < from + Math.min(4, length); i++) {
      if (bytes[i] == 0) {
        throw new JsonParseException(null, "a zero byte");
      }
    }
    JsonParser parser = FACTORY.createParser(bytes, from, length);
    if (parser.nextToken() != first) {
      parser.close();
      throw new JsonParseException(null, "no " + first);
    }
    return parser;
  }

  /** Where the current token starts in the bytes that the parser reads. */
  public static int tokenStart(JsonParser parser) {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  /** Reads the current value to its end, and returns where that is: behind its last byte. */
  public static int skipValue(JsonParser parser) throws IOException {
    parser.skipChildren();
    parser.finishToken();
    return (int) parser.currentLocation().getByteOffset();
  }

  public static void expectEnd(JsonParser parser) throws IOException {
    if (parser.nextToken() != null) {
      throw new JsonParseException(parser, "more behind the value");
    }
  }

  /** The content of the JSON string that those bytes are. */
  public static String string(byte[] bytes, int from, int length) throws IOException {
    try (JsonParser parser = FACTORY.createParser(bytes, from, length)) {
      parser.nextToken();
      return parser.getText();
    }
  }

  /** What a token is, for people. */
  public static String name(@Nullable JsonToken token) {
    if (token == null) {
      return "nothing";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> "something else";
    };
  }
}
