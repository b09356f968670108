package dev.carillon.server.directory;

import dev.carillon.server.redis.RedisNode;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisCluster;
import dev.carillon.server.webhook.Webhooks;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

class ClusterDirectoryTest extends DirectoryContract {
  private static RedisCluster cluster;
  private RedisNode node;

  @BeforeAll
  static void startCluster() {
    cluster = RedisCluster.start();
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Override
  void make() {
    node = new RedisNode(OnRedis.in(cluster), OnRedis.unseen());
    occupancy = node.occupancy(Webhooks.none(), topic -> {});
    presence = node.presence(Webhooks.none());
    cache = node.channelCache();
    directory = node.directory();
    node.start();
  }
}
