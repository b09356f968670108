package dev.carillon.server.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.Status;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.redis.RedisNode;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.Published;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.webhook.Webhooks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedisPresenceTest extends PresenceContract {
  private final ScalingConfig redis = OnRedis.fresh();
  private final RedisNode node = new RedisNode(redis, OnRedis.unseen());

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

  @Test
  void aStatusIsToldByAnotherNodeToo() throws Exception {
    Topic room = new Topic("3", ChannelName.of("presence-a"));
    SocketId socket = new SocketId("1.1");
    Published published = new Published();
    RedisNode other = new RedisNode(redis, OnRedis.unseen());
    try {
      Broker broker = other.broker(published);
      Presence elsewhere = other.presence(Webhooks.none());
      other.start();
      published.watch(broker, room);
      joinHere(room, socket, named("7").with(status(1, Status.ONLINE)));
      elsewhere.update(room, new UserId("7", false), status(2, Status.BUSY));

      // It asks first what the member said on the other node.
      Await.until("the status is told", () -> published.soFar().size() == 2);
      assertThat(published.texts().get(1)).contains("Ann", "busy");
    } finally {
      other.close();
    }
  }
}
