package dev.carillon.server.redis;

import dev.carillon.protocol.json.JsonBytes;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of a JSON object. What is {@code null}, false or empty is left out.
 *
 * <p>Confined to one thread.
 */
final class JsonFields {
  private static final int NANO_DIGITS = 9;

  private final JsonBytes json;
  private String comma = "";

  private JsonFields(JsonBytes json) {
    this.json = json;
  }

  /** An object with that in it, in UTF-8. */
  static <T> byte[] object(T value, BiConsumer<JsonFields, T> write) {
    JsonBytes json = new JsonBytes(512);
    put(json, value, write);
    return json.toBytes();
  }

  private static <T> void put(JsonBytes json, T value, BiConsumer<JsonFields, T> write) {
    json.syntax("{");
    write.accept(new JsonFields(json), value);
    json.syntax("}");
  }

  private JsonBytes key(String name) {
    json.syntax(comma + "\"" + name + "\":");
    comma = ",";
    return json;
  }

  JsonFields text(String name, @Nullable String text) {
    if (text != null) {
      key(name).quoted(text);
    }
    return this;
  }

  JsonFields flag(String name, boolean flag) {
    if (flag) {
      key(name).syntax("true");
    }
    return this;
  }

  JsonFields number(String name, long number) {
    key(name).number(number);
    return this;
  }

  JsonFields number(String name, @Nullable Double number) {
    if (number != null) {
      key(name).syntax(number.toString());
    }
    return this;
  }

  /** Seconds since 1970, with a fraction. */
  JsonFields time(String name, @Nullable Instant time) {
    if (time != null) {
      BigDecimal seconds =
          BigDecimal.valueOf(time.getEpochSecond())
              .add(BigDecimal.valueOf(time.getNano(), NANO_DIGITS));
      key(name).syntax(seconds.stripTrailingZeros().toPlainString());
    }
    return this;
  }

  JsonFields texts(String name, Collection<String> texts) {
    if (!texts.isEmpty()) {
      String before = "[";
      key(name);
      for (String text : texts) {
        json.syntax(before).quoted(text);
        before = ",";
      }
      json.syntax("]");
    }
    return this;
  }

  <T> JsonFields object(String name, @Nullable T value, BiConsumer<JsonFields, T> write) {
    if (value != null) {
      put(key(name), value, write);
    }
    return this;
  }

  <T> JsonFields objects(String name, Collection<T> values, BiConsumer<JsonFields, T> write) {
    if (!values.isEmpty()) {
      String before = "[";
      key(name);
      for (T value : values) {
        put(json.syntax(before), value, write);
        before = ",";
      }
      json.syntax("]");
    }
    return this;
  }
}
