package dev.carillon.server.broker;

import dev.carillon.server.redis.RedisNode;
import dev.carillon.server.support.redis.OnRedis;
import org.junit.jupiter.api.AfterEach;

class RedisBrokerTest extends BrokerContract {
  private final RedisNode node = new RedisNode(OnRedis.fresh(), OnRedis.unseen());

  @AfterEach
  void stop() {
    node.close();
  }

  @Override
  Broker broker(Broker.Listener listener) {
    Broker made = node.broker(listener);
    node.start();
    return made;
  }
}
