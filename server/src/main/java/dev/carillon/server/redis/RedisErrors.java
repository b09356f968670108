package dev.carillon.server.redis;

import java.util.List;
import redis.clients.jedis.exceptions.JedisDataException;

/** What an error that Redis answers means for a command. */
final class RedisErrors {
  /**
   * Of a Redis that starts, fails over, or moves a slot; each answers so before it does anything.
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
          "UNBLOCKED");

  private RedisErrors() {}

  /** Whether the same command may succeed some time later. */
  static boolean passes(JedisDataException error) {
    String text = String.valueOf(error.getMessage());
    return PASSING.stream().anyMatch(text::startsWith);
  }
}
