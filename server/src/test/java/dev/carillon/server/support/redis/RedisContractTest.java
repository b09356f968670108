package dev.carillon.server.support.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.RedisClient;

/** What the server needs of a Redis, wherever it runs. */
@Timeout(30)
class RedisContractTest {
  private static RedisServer server;

  @BeforeAll
  static void start() {
    server = RedisServer.start();
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @Test
  void keepsAHashAndAnExpiry() {
    try (RedisClient redis = RedisClient.create(server.url())) {
      redis.hset("contract:hash", "field", "value");
      redis.expire("contract:hash", 60);

      assertThat(redis.hget("contract:hash", "field")).isEqualTo("value");
      assertThat(redis.ttl("contract:hash")).isBetween(1L, 60L);
    }
  }

  @Test
  void runsAScript() {
    try (RedisClient redis = RedisClient.create(server.url())) {
      String sha = redis.scriptLoad("return redis.call('INCRBY', KEYS[1], ARGV[1])");

      assertThat(redis.evalsha(sha, List.of("contract:count"), List.of("2"))).isEqualTo(2L);
      redis.del("contract:count");
    }
  }

  @Test
  void deliversWhatIsPublished() throws InterruptedException {
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    JedisPubSub subscriber =
        new JedisPubSub() {
          @Override
          public void onSubscribe(String channel, int count) {
            events.add("subscribed " + channel);
          }

          @Override
          public void onMessage(String channel, String message) {
            events.add(channel + " " + message);
          }
        };
    try (RedisClient redis = RedisClient.create(server.url())) {
      Thread thread = new Thread(() -> redis.subscribe(subscriber, "contract:topic"));
      thread.start();
      assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("subscribed contract:topic");

      assertThat(redis.publish("contract:topic", "hello")).isEqualTo(1);

      assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo("contract:topic hello");
      subscriber.unsubscribe();
      thread.join();
    }
  }
}
