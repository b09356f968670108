package dev.carillon.server.redis;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object that {@link JsonFields} wrote, maybe another version of it. What is
 * not asked for is ignored; what is asked for is of the type that is asked for, or it is an error.
 *
 * <p>Confined to one thread.
 */
final class ParsedFields {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int NANO_DIGITS = 9;

  private final String path;
  private final Map<String, Object> values;

  private ParsedFields(String path, Map<String, Object> values) {
    this.path = path;
    this.values = values;
  }

  /**
   * Reads an object.
   *
   * @throws UnreadableRecordException if it is none
   */
  static ParsedFields of(byte[] bytes, int from) {
    try (JsonParser parser = FACTORY.createParser(bytes, from, bytes.length - from)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new UnreadableRecordException("A user's record: expected an object");
      }
      return new ParsedFields("", object(parser));
    } catch (IOException e) {
      throw new UnreadableRecordException("A user's record is no JSON", e);
    }
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> fields = new HashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      Object value = value(parser);
      if (value != null) {
        fields.put(name, value);
      }
    }
    return fields;
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  private static List<Object> array(JsonParser parser) throws IOException {
    List<Object> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Object value = value(parser);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  private <T> @Nullable T field(String name, Class<T> type) {
    Object value = values.get(name);
    if (value == null || type.isInstance(value)) {
      return type.cast(value);
    }
    throw wrong(name, value);
  }

  private UnreadableRecordException wrong(String name, @Nullable Object value) {
    String got = value == null ? "nothing" : "a " + value.getClass().getSimpleName();
    return new UnreadableRecordException(
        "A user's record: got " + got + " as " + path + name + ", expected another type or value");
  }

  /** One that must be there. */
  <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw wrong(name, null);
    }
    return value;
  }

  @Nullable String text(String name) {
    return field(name, String.class);
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(field(name, Boolean.class));
  }

  @Nullable Double decimal(String name) {
    BigDecimal number = field(name, BigDecimal.class);
    return number == null ? null : number.doubleValue();
  }

  /** 0 if it is not there. */
  long number(String name) {
    BigDecimal number = field(name, BigDecimal.class);
    try {
      return number == null ? 0 : number.longValueExact();
    } catch (ArithmeticException notWhole) {
      throw wrong(name, number);
    }
  }

  @Nullable Instant time(String name) {
    BigDecimal number = field(name, BigDecimal.class);
    if (number == null) {
      return null;
    }
    try {
      BigDecimal seconds = number.setScale(0, RoundingMode.FLOOR);
      return Instant.ofEpochSecond(
          seconds.longValueExact(),
          number.subtract(seconds).movePointRight(NANO_DIGITS).longValueExact());
    } catch (ArithmeticException | DateTimeException noTime) {
      throw wrong(name, number);
    }
  }

  /** One of those that are known, by its name in lower case. */
  <E extends Enum<E>> @Nullable E one(String name, Class<E> type) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    for (E constant : type.getEnumConstants()) {
      if (RecordWriter.name(constant).equals(text)) {
        return constant;
      }
    }
    throw wrong(name, text);
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Object value : list(name)) {
      if (!(value instanceof String text)) {
        throw wrong(name, value);
      }
      texts.add(text);
    }
    return texts;
  }

  <T> @Nullable T object(String name, Function<ParsedFields, T> read) {
    Map<?, ?> fields = field(name, Map.class);
    return fields == null ? null : read.apply(in(path + name + ".", fields));
  }

  <T> List<T> objects(String name, Function<ParsedFields, T> read) {
    List<T> objects = new ArrayList<>();
    for (Object value : list(name)) {
      if (!(value instanceof Map<?, ?> fields)) {
        throw wrong(name, value);
      }
      objects.add(read.apply(in(path + name + "[" + objects.size() + "].", fields)));
    }
    return objects;
  }

  private List<?> list(String name) {
    List<?> list = field(name, List.class);
    return list == null ? List.of() : list;
  }

  @SuppressWarnings("unchecked") // made by this class
  private static ParsedFields in(String path, Map<?, ?> fields) {
    return new ParsedFields(path, (Map<String, Object>) fields);
  }
}
