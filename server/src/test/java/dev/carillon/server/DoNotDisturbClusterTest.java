package dev.carillon.server;

import dev.carillon.server.config.RedisConfig;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** As on one Redis, where a user's record and what is held lie at several masters. */
class DoNotDisturbClusterTest extends DoNotDisturbNodesTest {
  private static RedisCluster redis;

  @BeforeAll
  static void startCluster() {
    redis = RedisCluster.start();
  }

  @AfterAll
  static void stopCluster() {
    redis.close();
  }

  @Override
  ScalingConfig cluster() {
    ScalingConfig fresh = OnRedis.fresh();
    RedisConfig.Target masters =
        new RedisConfig.Cluster(
            redis.addresses().stream()
                .map(address -> new RedisConfig.Node(address.getHost(), address.getPort()))
                .toList());
    return fresh.toBuilder().redis(fresh.redis().toBuilder().target(masters).build()).build();
  }
}
