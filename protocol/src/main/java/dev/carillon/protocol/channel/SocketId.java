package dev.carillon.protocol.channel;

import dev.carillon.protocol.ProtocolException;

/**
 * Names one connection: {@code <digits>.<digits>}, at most 40 characters. It is no secret, but it
 * never repeats, since a channel signature made for it never expires ({@link SocketIds}). Source:
 * docs/PROTOCOL.md, "Connecting".
 *
 * <p>Immutable.
 *
 * @param value for example {@code 123456789.987654321}
 */
public record SocketId(String value) {
  /** The longest id, in characters. */
  public static final int MAX_LENGTH = 40;

  /**
   * Checks the form.
   *
   * @throws ProtocolException if the value is not of that form
   */
  public SocketId {
    if (!valid(value)) {
      throw ProtocolException.invalid(
          "Invalid socket_id: got '" + shortened(value) + "', allowed is <digits>.<digits>");
    }
  }

  private static boolean valid(String value) {
    int dot = value.indexOf('.');
    return value.length() <= MAX_LENGTH
        && dot > 0
        && dot < value.length() - 1
        && value.chars().filter(c -> c == '.').count() == 1
        && value.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
  }

  private static String shortened(String value) {
    return value.length() <= MAX_LENGTH ? value : value.substring(0, MAX_LENGTH) + "…";
  }

  @Override
  public String toString() {
    return value;
  }
}
