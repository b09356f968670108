package dev.carillon.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Puts JSON together as bytes, for this module's own use. Frames nest JSON in a JSON string, so a
 * part can be written while {@link #nested} is on: then all that follows is escaped once more.
 *
 * <p>Confined to one thread.
 */
public final class JsonBytes {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes;
  private int size;
  private boolean nested;

  public JsonBytes(int expectedBytes) {
    this.bytes = new byte[Math.max(32, expectedBytes)];
  }

  /** Opens a JSON string whose content is JSON itself. */
  public JsonBytes openNested() {
    put((byte) '"');
    nested = true;
    return this;
  }

  /** Closes the string that {@link #openNested} opened. */
  public JsonBytes closeNested() {
    nested = false;
    put((byte) '"');
    return this;
  }

  /** JSON syntax in ASCII: braces, keys, commas. */
  public JsonBytes syntax(String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      escaped((byte) ascii.charAt(i));
    }
    return this;
  }

  public JsonBytes number(long number) {
    return syntax(Long.toString(number));
  }

  /**
   * The text as a JSON string. Half a surrogate pair, which UTF-8 cannot have, becomes {@code ?}.
   */
  public JsonBytes quoted(String text) {
    escaped((byte) '"');
    content(escapedUtf8(text));
    escaped((byte) '"');
    return this;
  }

  private static byte[] escapedUtf8(String text) {
    JsonStringEncoder encoder = JsonStringEncoder.getInstance();
    try {
      return encoder.quoteAsUTF8(text);
    } catch (IllegalArgumentException e) {
      // An escape of one half is valid JSON, so names and ids may carry one this far.
      return encoder.quoteAsUTF8(new String(text.getBytes(UTF_8), UTF_8));
    }
  }

  /** The value, byte for byte. */
  public JsonBytes raw(byte[] json) {
    return content(json);
  }

  private JsonBytes content(byte[] json) {
    if (!nested) {
      ensure(json.length);
      System.arraycopy(json, 0, bytes, size, json.length);
      size += json.length;
      return this;
    }
    for (byte b : json) {
      escaped(b);
    }
    return this;
  }

  private void escaped(byte b) {
    if (!nested) {
      put(b);
    } else if (b == '"' || b == '\\') {
      put((byte) '\\');
      put(b);
    } else if (b >= 0 && b < 0x20) {
      put((byte) '\\');
      put((byte) 'u');
      put((byte) '0');
      put((byte) '0');
      put(HEX[b >> 4]);
      put(HEX[b & 0xF]);
    } else {
      put(b);
    }
  }

  private void put(byte b) {
    ensure(1);
    bytes[size++] = b;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  /** How many bytes there are. */
  public int size() {
    return size;
  }

  public byte[] toBytes() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }
}
