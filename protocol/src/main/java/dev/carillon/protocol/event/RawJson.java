package dev.carillon.protocol.event;

import dev.carillon.protocol.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON value as the bytes it arrived in. It passes through unparsed, so a 20-digit number,
 * {@code 1.50}, unicode and escaped slashes leave as they came.
 *
 * <p>Immutable: nobody changes the array after it was handed in.
 */
public final class RawJson {
  private final byte[] bytes;

  private RawJson(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The value at {@code from} (inclusive) to {@code to} (exclusive), which the caller has checked
   * to be one.
   */
  public static RawJson slice(byte[] json, int from, int to) {
    return new RawJson(Arrays.copyOfRange(json, from, to));
  }

  /** A JSON string with that content. */
  public static RawJson string(String content) {
    return new RawJson(new JsonBytes(content.length() + 8).quoted(content).toBytes());
  }

  /** The bytes of the value, not copied: do not change them. */
  byte[] bytes() {
    return bytes;
  }

  /** Writes the value, byte for byte. */
  public void write(JsonBytes json) {
    json.raw(bytes);
  }

  /** How many bytes the value has. */
  public int length() {
    return bytes.length;
  }

  /**
   * How many bytes the value stands for: of a string its content without quotes and escapes, in
   * UTF-8; of anything else all of it.
   */
  public int contentLength() {
    if (bytes[0] != '"') {
      return bytes.length;
    }
    int length = 0;
    for (int i = 1; i < bytes.length - 1; i++) {
      if (bytes[i] != '\\') {
        length++;
      } else if (bytes[++i] == 'u') {
        length += utf8Length(i + 1);
        i += 4;
      } else {
        length++;
      }
    }
    return length;
  }

  /**
   * Of the character that four hex digits name; each half of a pair counts two of its four bytes.
   */
  private int utf8Length(int at) {
    int unit = 0;
    for (int i = at; i < at + 4; i++) {
      unit = unit * 16 + Character.digit(bytes[i], 16);
    }
    if (Character.isSurrogate((char) unit)) {
      return 2;
    }
    return unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RawJson that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The JSON text. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
