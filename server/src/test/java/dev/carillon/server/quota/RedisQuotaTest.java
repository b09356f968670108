package dev.carillon.server.quota;

import dev.carillon.server.redis.RedisNode;
import dev.carillon.server.support.redis.OnRedis;
import org.junit.jupiter.api.AfterEach;

class RedisQuotaTest extends QuotaContract {
  private final RedisNode node = new RedisNode(OnRedis.fresh(), OnRedis.unseen());

  @AfterEach
  void stop() {
    node.close();
  }

  @Override
  Quota quota() {
    Quota made = node.quota();
    node.start();
    return made;
  }
}
