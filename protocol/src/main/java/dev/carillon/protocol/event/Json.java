package dev.carillon.protocol.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;

/** Jackson, set up for input that nobody vouches for. */
final class Json {
  private static final int MAX_DEPTH = 200;

  private Json() {}

  static JsonFactory factory() {
    return JsonFactory.builder()
        .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
        .build();
  }

  /** A parser that stands behind the opening brace of an object. */
  static JsonParser objectParser(JsonFactory factory, byte[] bytes, int from, int length)
      throws IOException {
    // Jackson guesses UTF-16 and UTF-32 from a zero among the first four bytes; JSON in UTF-8 has
    // none.
    for (int i = from; i < from + Math.min(4, length); i++) {
      if (bytes[i] == 0) {
        throw new JsonParseException(null, "a zero byte");
      }
    }
    JsonParser parser = factory.createParser(bytes, from, length);
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      parser.close();
      throw new JsonParseException(null, "no object");
    }
    return parser;
  }

  /** Where the current token starts in the bytes that the parser reads. */
  static int tokenStart(JsonParser parser) {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  /** Reads the current value to its end, and returns where that is: behind its last byte. */
  static int skipValue(JsonParser parser) throws IOException {
    parser.skipChildren();
    parser.finishToken();
    return (int) parser.currentLocation().getByteOffset();
  }

  static void expectEnd(JsonParser parser) throws IOException {
    if (parser.nextToken() != null) {
      throw new JsonParseException(parser, "more behind the object");
    }
  }
}
