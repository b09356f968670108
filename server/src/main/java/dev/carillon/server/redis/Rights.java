package dev.carillon.server.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;

/**
 * What a user of Redis must be allowed to, as docs/OPERATIONS.md has it. Checked before anything is
 * written: a script that is refused a command in the middle would leave half of its work.
 */
final class Rights {
  private static final Script RIGHTS = Script.load("rights.lua");

  /** What is sent, and what scripts call, apart from pub/sub, and from EVAL, which asks. */
  static final List<String> COMMANDS =
      List.of(
          "ping",
          "time",
          "get",
          "mget",
          "set",
          "del",
          "exists",
          "pttl",
          "pexpire",
          "hexists",
          "hmget",
          "hvals",
          "hget",
          "hset",
          "hdel",
          "hgetall",
          "hkeys",
          "hlen",
          "hincrby",
          "hscan",
          "sadd",
          "srem",
          "smembers",
          "zadd",
          "zrem",
          "zremrangebyscore",
          "zcount",
          "zscore",
          "zrangebyscore",
          "rpush",
          "lpop",
          "llen",
          "lindex");

  /** What is sent besides in a cluster only, apart from CLUSTER, which nothing is known without. */
  static final List<String> CLUSTER_COMMANDS = List.of("scan");

  private Rights() {}

  /**
   * Asks.
   *
   * @throws JedisException if there is one that the user does not have; it names all
   */
  static void check(AbstractPipeline pipeline, RedisKeys keys, PubSub pubSub) {
    List<Object> arguments = new ArrayList<>(List.of(keys.prefix() + "channel", 3));
    arguments.addAll(names(pubSub));
    arguments.addAll(COMMANDS);
    if (pubSub.equals(PubSub.SHARDED)) {
      arguments.addAll(CLUSTER_COMMANDS);
    }
    Response<Object> answer =
        RIGHTS.on(pipeline, List.of(keys.nodes()), NodeLease.arguments(arguments.toArray()));
    pipeline.sync();
    List<?> missing = (List<?>) answer.get();
    if (!missing.isEmpty()) {
      throw new JedisException(
          missing.stream()
              .map(command -> "+" + NodeLease.text(command))
              .collect(
                  Collectors.joining(
                      " ",
                      "the user of Redis has not the rights ",
                      ", or not for keys and channels \"" + keys.prefix() + "*\"")));
    }
  }

  /** The commands of pub/sub. */
  static List<String> names(PubSub pubSub) {
    return Stream.of(pubSub.publish(), pubSub.subscribe(), pubSub.unsubscribe())
        .map(command -> PubSub.text(command.getRaw()).toLowerCase(Locale.ROOT))
        .toList();
  }
}
