package dev.carillon.server.occupancy;

import dev.carillon.server.redis.RedisNode;
import dev.carillon.server.support.redis.OnRedis;
import org.junit.jupiter.api.AfterEach;

class RedisOccupancyTest extends OccupancyContract {
  private final RedisNode node = new RedisNode(OnRedis.fresh(), OnRedis.unseen());

  @AfterEach
  void stop() {
    node.close();
  }

  @Override
  Occupancy occupancy(OccupancyListener listener) {
    Occupancy made = node.occupancy(listener, topic -> {});
    node.start();
    return made;
  }
}
