package dev.carillon.server.held;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.app.App;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.redis.RedisNode;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

class RedisHeldEventsTest extends HeldEventsContract {
  private static final List<App> APPS = List.of(App.of(TestServer.app().build()));

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
  void open(Broker broker) {
    cache = node.channelCache();
    held = node.heldEvents(metrics.held());
    node.apps(APPS);
    node.start();
  }

  /** Each event has the time since when it waits before it, in microseconds of Redis. */
  @Override
  void pass(Duration time) {
    try (Jedis redis = RedisTime.client(cluster)) {
      for (byte[] key : redis.keys(bytes(cluster.redis().prefix() + "*:waiting:*"))) {
        List<byte[]> events = redis.lrange(key, 0, -1);
        for (int i = 0; i < events.size(); i++) {
          redis.lset(key, i, earlier(events.get(i), time));
        }
      }
    }
    RedisTime.pass(cluster, time);
  }

  private static byte[] earlier(byte[] event, Duration time) {
    int colon = 0;
    while (event[colon] != ':') {
      colon++;
    }
    long since = Long.parseLong(new String(event, 0, colon, StandardCharsets.US_ASCII));
    byte[] number = bytes(Long.toString(since - time.toNanos() / 1000));
    byte[] earlier = Arrays.copyOf(number, number.length + event.length - colon);
    System.arraycopy(event, colon, earlier, number.length, event.length - colon);
    return earlier;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void whatNobodyWouldGetGoesOnWaiting() throws Exception {
    Topic away = topic("3", "private-App.Models.User.99");
    hold(away, "a");

    release(away);

    assertThat(waits(away)).isTrue();
  }

  @Test
  void otherNodesFindWhatIsHeld() throws Exception {
    hold(OWN, "a", "b");

    try (RedisNode other = new RedisNode(cluster, OnRedis.unseen())) {
      HeldEvents there = other.heldEvents(metrics.held());
      other.apps(APPS);
      other.start();
      assertThat(now(there.publish(inbox(OWN), event(OWN, "c")))).isFalse();
      long mark = now(there.waiting(inbox(OWN), Set.of(OWN)));
      now(there.release(inbox(OWN), Set.of(OWN), mark));
    }

    assertThat(data()).containsExactly("a", "b", "c");
  }
}
