package dev.carillon.server.api;

import java.nio.charset.StandardCharsets;

/**
 * An answer of the HTTP API: JSON where it went well, else a line of text that says what was wrong.
 *
 * @param allow the methods that a path has, on 405; else empty
 * @param retryAfterSeconds on 429; else 0
 */
public record ApiResponse(
    int status, boolean json, byte[] body, String allow, int retryAfterSeconds) {
  /** 200 with that JSON. */
  public static ApiResponse json(String body) {
    return json(body.getBytes(StandardCharsets.UTF_8));
  }

  static ApiResponse json(byte[] body) {
    return new ApiResponse(200, true, body, "", 0);
  }

  /** 204: it went well, and there is nothing to say. */
  public static ApiResponse noContent() {
    return new ApiResponse(204, false, new byte[0], "", 0);
  }

  /** A line of text with that status. */
  public static ApiResponse text(int status, String text) {
    return new ApiResponse(status, false, line(text), "", 0);
  }

  /** 405: the path has only that method. */
  public static ApiResponse notAllowed(String allow) {
    return new ApiResponse(405, false, line("Method not allowed, allowed is " + allow), allow, 0);
  }

  /** 429: not before so many seconds. */
  static ApiResponse tooMany(String text, int retryAfterSeconds) {
    return new ApiResponse(429, false, line(text), "", retryAfterSeconds);
  }

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
