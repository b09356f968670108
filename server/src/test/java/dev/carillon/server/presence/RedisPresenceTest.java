package dev.carillon.server.presence;

import dev.carillon.server.broker.Broker;
import dev.carillon.server.redis.RedisNode;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.webhook.Webhooks;
import org.junit.jupiter.api.AfterEach;

class RedisPresenceTest extends PresenceContract {
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
  Presence presence(Broker broker) {
    Presence made = node.presence(Webhooks.none());
    node.start();
    return made;
  }
}
