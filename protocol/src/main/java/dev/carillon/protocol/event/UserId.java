package dev.carillon.protocol.event;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.Utf8;
import dev.carillon.protocol.json.JsonBytes;

/**
 * Names a user within an app. Apps send it as a string or as an integer; {@code 10} and {@code
 * "10"} are the same user, and frames repeat the form that the user's first connection gave.
 *
 * @param value the id, or the decimal form of it; 1 to 128 characters
 * @param number whether it was given as a JSON number
 */
public record UserId(String value, boolean number) {
  /** The longest id, in characters. */
  public static final int MAX_LENGTH = 128;

  /** The largest number that JavaScript keeps exactly: 2^53 − 1. */
  public static final long MAX_NUMBER = (1L << 53) - 1;

  /**
   * Checks the form.
   *
   * @throws ProtocolException if the id is empty or too long, or UTF-8 does not have it: two such
   *     users would have one id in frames
   */
  public UserId {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      throw ProtocolException.invalid(
          "Invalid user_id: got " + value.length() + " characters, allowed are 1 to " + MAX_LENGTH);
    }
    if (!Utf8.has(value)) {
      throw ProtocolException.invalid(
          "Invalid user_id: got half a surrogate pair, allowed are characters that UTF-8 has");
    }
  }

  /** Whether a user can have that id. */
  public static boolean isValid(String value) {
    return !value.isEmpty() && value.length() <= MAX_LENGTH && Utf8.has(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UserId that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  void write(JsonBytes json) {
    if (number) {
      json.syntax(value);
    } else {
      json.quoted(value);
    }
  }
}
