package dev.carillon.server.redis;

import java.util.List;
import javax.net.ssl.SSLException;
import redis.clients.jedis.exceptions.JedisDataException;

/** What an error of Redis means for a command, and how it is told. */
final class RedisErrors {
  /**
   * Of a Redis that starts, fails over, moves a slot, or does not let this server in until an
   * operator has changed something; each answers so before it does anything.
   */
  private static final List<String> PASSING =
      List.of(
          "LOADING",
          "BUSY ",
          "READONLY",
          "MASTERDOWN",
          "CLUSTERDOWN",
          "TRYAGAIN",
          "MOVED",
          "ASK",
          "NOREPLICAS",
          "UNBLOCKED",
          "NOAUTH",
          "NOPERM",
          "WRONGPASS",
          "ERR The user executing the script can't");

  private RedisErrors() {}

  /** Whether the same command may succeed some time later. */
  static boolean passes(JedisDataException error) {
    String text = String.valueOf(error.getMessage());
    return error instanceof UnansweredException || PASSING.stream().anyMatch(text::startsWith);
  }

  /** Whether the command may have been done. */
  static boolean mayBeDone(JedisDataException error) {
    return error instanceof UnansweredException unanswered && unanswered.wasSent();
  }

  /** In one line, what is at the bottom of a failure. */
  static String reason(Throwable failure) {
    Throwable deepest = failure;
    for (int i = 0; i < 10; i++) { // as a guard against a circle
      if (deepest instanceof SSLException) {
        return "TLS: " + firstLine(deepest); // says more than what is below
      }
      Throwable[] suppressed = deepest.getSuppressed();
      Throwable next = deepest.getCause();
      if (next == null && suppressed.length > 0) {
        next = suppressed[0]; // Jedis hides there why no address could be connected to
      }
      if (next == null) {
        break;
      }
      deepest = next;
    }
    return firstLine(deepest);
  }

  private static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    String text = message == null ? failure.getClass().getSimpleName() : message;
    return text.lines().findFirst().orElse(text);
  }
}
