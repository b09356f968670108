package dev.carillon.server.support.redis;

import dev.carillon.server.config.RedisConfig;
import dev.carillon.server.config.ScalingConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** Lets time go by in a Redis: what it forgets some time later, it forgets that much earlier. */
public final class RedisTime {
  private RedisTime() {}

  /** For all that is under the prefix of that cluster. */
  public static void pass(ScalingConfig cluster, Duration time) {
    String prefix = cluster.redis().prefix();
    try (Jedis redis = client(cluster)) {
      for (byte[] key : redis.keys((prefix + "*").getBytes(StandardCharsets.UTF_8))) {
        long left = redis.pttl(key);
        if (left >= 0) {
          redis.pexpire(key, left - time.toMillis()); // in the past: it is gone
        }
      }
    }
  }

  /** A client of the Redis of that cluster. */
  public static Jedis client(ScalingConfig cluster) {
    RedisConfig.Standalone server = (RedisConfig.Standalone) cluster.redis().target();
    return new Jedis(
        new HostAndPort(server.host(), server.port()),
        DefaultJedisClientConfig.builder().autoNegotiateProtocol(false).build());
  }
}
