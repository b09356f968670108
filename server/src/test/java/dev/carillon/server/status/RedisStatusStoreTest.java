package dev.carillon.server.status;

import dev.carillon.server.broker.Broker;
import dev.carillon.server.redis.RedisNode;
import dev.carillon.server.support.redis.OnRedis;
import org.junit.jupiter.api.AfterEach;

class RedisStatusStoreTest extends StatusStoreContract {
  private final RedisNode node = new RedisNode(OnRedis.fresh(), OnRedis.unseen());

  @AfterEach
  void stop() {
    node.close();
  }

  @Override
  Broker broker(Broker.Listener listener) {
    return node.broker(listener);
  }

  @Override
  StatusStore store(Broker broker, StatusStore.Listener listener) {
    StatusStore made = node.statusStore(listener);
    node.start();
    return made;
  }
}
