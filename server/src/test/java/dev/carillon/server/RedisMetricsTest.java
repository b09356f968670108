package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What operators can see of Redis. */
@Timeout(60)
class RedisMetricsTest {
  private RedisServer redis;
  private ScalingConfig scaling;
  private TestServer one;

  @BeforeEach
  void start() {
    redis = RedisServer.start();
    scaling = OnRedis.at(redis.port(), Duration.ofSeconds(2));
    one = TestServer.startNode(scaling, app -> app);
  }

  @AfterEach
  void stop() {
    one.close();
    redis.close();
  }

  private double metric(String name) {
    return one.metrics()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in\n" + one.metrics()));
  }

  @Test
  void eventsAreCountedAsTheyGoAndCome() {
    double topics = metric("carillon_redis_topics");
    try (TestClient client = one.connect().join("news").join("cache-a")) {
      client.expectEvent("pusher:cache_miss");
      double commands = metric("carillon_redis_commands_total");
      one.api().trigger("news", "e", "x");
      client.expectEvent("e");
      one.api().trigger("cache-a", "f", "x");
      client.expectEvent("f");

      assertThat(metric("carillon_redis_connected")).isEqualTo(1);
      assertThat(metric("carillon_redis_topics")).isEqualTo(topics + 2);
      assertThat(metric("carillon_redis_publishes_total")).isEqualTo(2);
      assertThat(metric("carillon_redis_messages_total")).isEqualTo(2);
      assertThat(metric("carillon_redis_commands_total")).isGreaterThanOrEqualTo(commands + 2);
      assertThat(metric("carillon_redis_round_trip_seconds_count")).isPositive();
      assertThat(metric("carillon_redis_round_trip_seconds_sum")).isBetween(0.0, 60.0);
      Await.until("nothing waits", () -> metric("carillon_redis_commands_waiting") == 0);
    }
  }

  @Test
  void theEventsThatAreKeptAreCountedOfAllNodes() {
    try (TestServer two = TestServer.startNode(scaling, app -> app)) {
      one.api().trigger("cache-a", "e", "1");
      one.api().trigger("cache-a", "e", "2");
      two.api().trigger("private-cache-b", "e", "3");

      Await.until(
          "both are counted",
          Duration.ofSeconds(20),
          Duration.ofMillis(100),
          () -> metric("carillon_cache_events") == 2);
    }
  }

  @Test
  void theDeadThatThisNodeHasCleanedUpAfterAreCounted() {
    try (TestServer two = TestServer.startNode(scaling, app -> app);
        TestClient client = two.connect()) {
      client.joinAs("presence-a", "{\"user_id\":\"7\"}");
      two.close();

      Await.until(
          "its app, at least, is cleaned up",
          Duration.ofSeconds(20),
          Duration.ofMillis(100),
          () -> metric("carillon_redis_evictions_total") >= 1);
    }
  }

  @Test
  void aRedisThatIsAwayIsSeenAndItsReturnIsCounted() {
    try (TestClient client = one.connect().join("news")) {
      assertThat(metric("carillon_redis_reconnects_total{purpose=\"commands\"}")).isZero();
      redis.kill();
      Await.until("it is away", () -> metric("carillon_redis_connected") == 0);
      Await.until(
          "the cache is not known",
          Duration.ofSeconds(20),
          Duration.ofMillis(100),
          () -> Double.isNaN(metric("carillon_cache_events")));

      redis.restart();

      Await.until("it is back", () -> metric("carillon_redis_connected") == 1);
      assertThat(metric("carillon_redis_reconnects_total{purpose=\"commands\"}")).isPositive();
      assertThat(metric("carillon_redis_reconnects_total{purpose=\"subscriptions\"}")).isPositive();
      one.api().trigger("news", "e", "x");
      client.expectEvent("e");
    }
  }

  @Test
  void aNodeThatIsAloneHasNoneOfThem() {
    try (TestServer alone = TestServer.start()) {
      if (!OnRedis.WANTED) {
        assertThat(alone.metrics()).doesNotContain("carillon_redis_");
      }
    }
  }
}
