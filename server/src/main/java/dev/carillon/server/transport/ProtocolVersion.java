package dev.carillon.server.transport;

/** Which versions of the Pusher protocol are spoken: 4 and above, as a decimal number. */
final class ProtocolVersion {
  private static final int OLDEST = 4;

  private ProtocolVersion() {}

  static boolean isSpoken(String version) {
    return !version.isEmpty()
        && version.length() <= 9
        && version.chars().allMatch(c -> c >= '0' && c <= '9')
        && Integer.parseInt(version) >= OLDEST;
  }
}
