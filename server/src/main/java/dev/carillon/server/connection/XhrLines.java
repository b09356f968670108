package dev.carillon.server.connection;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The lines by which pusher-js' HTTP fallbacks are answered, until they leave: {@code o{}} opens,
 * an array {@code a["…","…"]} carries messages, {@code h} is a heartbeat, {@code c[4100,"…"]}
 * closes. Source: docs/PROTOCOL.md, "HTTP fallbacks".
 *
 * <p>Confined to one thread.
 */
final class XhrLines {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NONE = {};
  private static final int SMALLEST_BYTES = 256;

  private byte[] bytes = NONE;
  private int size;
  private boolean inArray;

  /** A line that closes the connection. */
  static byte[] closing(int code, String reason) {
    XhrLines lines = new XhrLines();
    lines.close(code, reason);
    return lines.take();
  }

  void open() {
    line("o{}");
  }

  void heartbeat() {
    line("h");
  }

  void close(int code, String reason) {
    endArray();
    ascii("c[" + code + ",");
    quoted(reason.getBytes(StandardCharsets.UTF_8));
    ascii("]\n");
  }

  /** Adds a message; those that follow one another share a line. */
  void message(byte[] utf8) {
    ascii(inArray ? "," : "a[");
    inArray = true;
    quoted(utf8);
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** How many bytes wait. */
  int size() {
    return size;
  }

  /** Takes all lines out. */
  byte[] take() {
    endArray();
    byte[] taken = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    clear();
    return taken;
  }

  void clear() {
    bytes = NONE;
    size = 0;
    inArray = false;
  }

  /** How long that text is as JavaScript measures it: in UTF-16 code units. */
  static int units(byte[] utf8) {
    int units = 0;
    for (byte b : utf8) {
      if ((b & 0xC0) != 0x80) { // not within a character
        units += (b & 0xF8) == 0xF0 ? 2 : 1; // four bytes make a surrogate pair
      }
    }
    return units;
  }

  private void line(String ascii) {
    endArray();
    ascii(ascii);
    put((byte) '\n');
  }

  private void endArray() {
    if (inArray) {
      inArray = false;
      ascii("]\n");
    }
  }

  private void ascii(String text) {
    for (int i = 0; i < text.length(); i++) {
      put((byte) text.charAt(i));
    }
  }

  private void quoted(byte[] utf8) {
    ensure(utf8.length + 2);
    put((byte) '"');
    for (byte b : utf8) {
      if (b == '"' || b == '\\') {
        put((byte) '\\');
        put(b);
      } else if (b >= 0 && b < 0x20) {
        ascii("\\u00");
        put(HEX[b >> 4]);
        put(HEX[b & 0xF]);
      } else {
        put(b);
      }
    }
    put((byte) '"');
  }

  private void put(byte b) {
    ensure(1);
    bytes[size++] = b;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      int doubled = Math.max(SMALLEST_BYTES, bytes.length * 2);
      bytes = Arrays.copyOf(bytes, Math.max(doubled, size + more));
    }
  }
}
