package dev.carillon.server.directory;

import dev.carillon.server.redis.RedisNode;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.webhook.Webhooks;
import org.junit.jupiter.api.AfterEach;

class RedisDirectoryTest extends DirectoryContract {
  private final RedisNode node = new RedisNode(OnRedis.fresh(), OnRedis.unseen());

  @AfterEach
  void stop() {
    node.close();
  }

  @Override
  void make() {
    occupancy = node.occupancy(Webhooks.none(), topic -> {});
    presence = node.presence(Webhooks.none());
    cache = node.channelCache();
    directory = node.directory();
    node.start();
  }
}
