package dev.carillon.server.cache;

import dev.carillon.server.broker.Broker;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.redis.RedisNode;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisTime;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

class RedisChannelCacheTest extends ChannelCacheContract {
  private final ScalingConfig cluster = OnRedis.fresh();
  private final RedisNode node = new RedisNode(cluster, OnRedis.unseen());

  @AfterEach
  void stop() {
    node.close();
  }

  @Override
  Broker broker(Broker.Listener listener) {
    return node.broker(listener);
  }

  @Override
  ChannelCache cache(Broker broker) {
    ChannelCache made = node.channelCache();
    node.start();
    return made;
  }

  @Override
  void pass(Duration time) {
    RedisTime.pass(cluster, time);
  }
}
