package dev.carillon.server.support.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.server.support.Await;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisShardedPubSub;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisMovedDataException;

@Timeout(60)
class RedisClusterTest {
  private static RedisClusterClient client(RedisCluster cluster) {
    return RedisClusterClient.builder()
        .nodes(cluster.addresses())
        .clientConfig(cluster.clientConfig())
        .build();
  }

  @Test
  void keepsEachKeyAtTheNodeOfItsSlot() {
    try (RedisCluster cluster = RedisCluster.start();
        RedisClusterClient client = client(cluster)) {
      for (String key : List.of("a", "b", "c", "d", "e", "f")) {
        client.set(key, key);
        try (Jedis node = cluster.nodeOf(key).connect()) {
          assertThat(node.get(key)).isEqualTo(key);
        }
      }
      assertThat(List.of("a", "b", "c").stream().map(cluster::nodeOf))
          .containsExactlyInAnyOrderElementsOf(cluster.nodes());
      try (Jedis other = otherThan(cluster, cluster.nodeOf("a")).connect()) {
        assertThatThrownBy(() -> other.get("a")).isInstanceOf(JedisMovedDataException.class);
      }
    }
  }

  private static RedisServer otherThan(RedisCluster cluster, RedisServer node) {
    return cluster.nodes().stream().filter(other -> !other.equals(node)).findFirst().orElseThrow();
  }

  @Test
  void deliversOnShardChannels() throws InterruptedException {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    JedisShardedPubSub subscriber =
        new JedisShardedPubSub() {
          @Override
          public void onSSubscribe(String channel, int count) {
            events.add("subscribed " + channel);
          }

          @Override
          public void onSMessage(String channel, String message) {
            events.add(channel + " " + message);
          }
        };
    try (RedisCluster cluster = RedisCluster.start("secret");
        RedisClusterClient client = client(cluster)) {
      assertThat(cluster.urls()).hasSize(3).allMatch(url -> url.startsWith("redis://:secret@"));
      Thread thread = new Thread(() -> client.ssubscribe(subscriber, "topic"));
      thread.start();
      assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("subscribed topic");

      assertThat(client.spublish("topic", "hello")).isEqualTo(1);

      assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("topic hello");
      try (Jedis node = cluster.nodeOf("topic").connect()) {
        assertThat(node.pubsubShardChannels()).containsExactly("topic");
      }
      subscriber.sunsubscribe();
      thread.join();
    }
  }

  @Test
  void isDownWithoutANodeAndCompleteAfterItsRestart() {
    try (RedisCluster cluster = RedisCluster.start();
        RedisClusterClient client = client(cluster);
        Jedis survivor = cluster.nodes().get(1).admin()) {
      cluster.nodes().get(0).kill();
      Await.until(
          "the others miss it", () -> survivor.clusterInfo().contains("cluster_state:fail"));
      assertThatThrownBy(() -> client.set("b", "b")).isInstanceOf(JedisException.class);

      cluster.nodes().get(0).restart();
      cluster.awaitOk();

      assertThat(client.set("a", "a")).isEqualTo("OK");
      assertThat(client.set("b", "b")).isEqualTo("OK");
      assertThat(client.set("c", "c")).isEqualTo("OK");
    }
  }
}
