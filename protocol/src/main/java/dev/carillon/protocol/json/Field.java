package dev.carillon.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.Utf8;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The value of one field that a parser stands at. What it is not is told with the field's name,
 * what was got and what is allowed. For this module's own use.
 *
 * <p>Confined to one thread.
 *
 * @param name as mistakes call it, like {@code location.latitude}
 */
public record Field(String name, JsonParser parser) {
  private static final int SHOWN = 40;
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  /** Whether it is JSON's null, which stands for none. */
  public boolean isNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  /** A string of that many characters, which are code points; none is half of a pair. */
  public String text(int min, int max) throws IOException {
    String allowed = "a string of " + min + " to " + max + " characters";
    String text = string(allowed);
    int characters = text.codePointCount(0, text.length());
    if (characters < min || characters > max) {
      throw invalid(characters + " characters", allowed);
    }
    if (!Utf8.has(text)) {
      throw invalid("half a surrogate pair", "characters that UTF-8 has");
    }
    return text;
  }

  /** A string of at most that many characters, which is none if JSON's null or blank. */
  public @Nullable String textOrNone(int max) throws IOException {
    return isNull() ? null : unlessBlank(text(0, max));
  }

  /** That text; none if it has nothing but spaces, of any kind, which nobody sees. */
  public static @Nullable String unlessBlank(@Nullable String text) {
    boolean seen =
        text != null
            && !text.codePoints()
                .allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
    return seen ? text : null;
  }

  /** Any string. */
  public String string(String allowed) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw invalid(shown(), allowed);
    }
    return parser.getText();
  }

  /** A moment in ISO-8601, to the millisecond. */
  public Instant time() throws IOException {
    String allowed = "a time like 2026-01-05T10:02:11Z";
    String text = string(allowed);
    try {
      Instant time = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS);
      if (!time.isBefore(Instant.EPOCH) && !time.isAfter(LAST)) {
        return time;
      }
    } catch (DateTimeException noTime) {
      // is told below, as a time that cannot be
    }
    throw invalid(shown(), allowed);
  }

  /** A whole number in that range. */
  public int wholeNumber(int min, int max) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() == JsonParser.NumberType.INT) {
      int number = parser.getIntValue();
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw invalid(shown(), "a whole number from " + min + " to " + max);
  }

  /** Any number in that range. */
  public double number(int min, int max) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
      double number = parser.getDoubleValue();
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw invalid(shown(), "a number from " + min + " to " + max);
  }

  /** True or false. */
  public boolean truth() throws IOException {
    JsonToken token = parser.currentToken();
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw invalid(shown(), "true or false");
    }
    return token == JsonToken.VALUE_TRUE;
  }

  /** Expects the value to begin so. */
  public void expect(JsonToken token, String allowed) throws IOException {
    if (parser.currentToken() != token) {
      throw invalid(shown(), allowed);
    }
  }

  /** A field of the object that this one is; the parser stands at its name. */
  public Field child() throws IOException {
    String child = parser.currentName();
    parser.nextToken();
    return new Field(name + "." + child, parser);
  }

  private String shown() throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_STRING) {
      return quoted(parser.getText());
    }
    boolean scalar = token != null && token.isScalarValue();
    return scalar ? shortened(parser.getText()) : Json.name(token);
  }

  /** A text that was got, shortened, as mistakes show it. */
  public static String quoted(String text) {
    return "'" + shortened(text) + "'";
  }

  /** In one line, which whole messages of a peer are not. */
  private static String shortened(String text) {
    int end = text.codePointCount(0, text.length()) <= SHOWN ? text.length() : end(text);
    String start = text.substring(0, end).replaceAll("\\p{Cntrl}", "?");
    return end == text.length() ? start : start + "…";
  }

  private static int end(String text) {
    return text.offsetByCodePoints(0, SHOWN);
  }

  private ProtocolException invalid(String got, String allowed) {
    return invalid(name, got, allowed);
  }

  /** A value that cannot be. */
  public static ProtocolException invalid(String name, @Nullable Object got, String allowed) {
    return ProtocolException.invalid(
        "Invalid " + name + ": got " + got + ", allowed is " + allowed);
  }
}
