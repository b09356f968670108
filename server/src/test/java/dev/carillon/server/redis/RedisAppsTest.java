package dev.carillon.server.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.server.RefusedException;
import dev.carillon.server.Server;
import dev.carillon.server.app.App;
import dev.carillon.server.config.AdminConfig;
import dev.carillon.server.config.AppConfig;
import dev.carillon.server.config.Config;
import dev.carillon.server.config.RedisConfig;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.config.ServerConfig;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.redis.RedisServer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;

/** One id means one app for all nodes under a prefix. */
@Timeout(60)
class RedisAppsTest {
  private RedisServer redis;

  @BeforeEach
  void start() {
    redis = RedisServer.start();
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  private RedisConfig config() {
    return RunningNode.at(new RedisConfig.Standalone(redis.host(), redis.port(), 0));
  }

  private static AppConfig config(String id, String key) {
    return AppConfig.sample().toBuilder().id(id).key(key).secret("a secret of it").build();
  }

  private static App app(String id, String key) {
    return App.of(config(id, key));
  }

  private static void settled(String what, BooleanSupplier condition) {
    Await.until(what, Duration.ofSeconds(20), Duration.ofMillis(50), condition);
  }

  private static void isRefused(RunningNode node) {
    assertThatThrownBy(() -> node.entered.toCompletableFuture().get(10, TimeUnit.SECONDS))
        .hasMessageContaining("app b: another node under scaling.redis.prefix \"carillon:\"")
        .hasMessageContaining("that id with another key");
    assertThat(node.node.available()).isFalse();
  }

  @Test
  void nodesWithTheSameAppsOrOthersMayJoin() {
    try (RunningNode one = new RunningNode(config(), app("a", "key-a"), app("b", "key-b"));
        RunningNode two = new RunningNode(config(), app("b", "key-b"), app("c", "key-c"))) {
      RunningNode.get(one.entered);
      RunningNode.get(two.entered);
    }
  }

  @Test
  void aNodeWithAnotherKeyIsRefusedUntilTheOthersAreGone() {
    RunningNode one = new RunningNode(config(), app("b", "key-b"));
    RunningNode.get(one.entered);
    try (RunningNode two = new RunningNode(config(), app("a", "key-a"), app("b", "other"))) {
      isRefused(two);
      assertThat(one.node.available()).isTrue();

      one.close();

      settled("it has joined", two.node::available);
    }
  }

  @Test
  void theKeyOfANodeThatIsDeadCountsNoLongerThanItsLease() {
    RunningNode one = new RunningNode(config(), app("b", "key-b"));
    RunningNode.get(one.entered);
    try (Jedis admin = redis.admin()) {
      String nodes = new String(one.node.keys().nodes(), UTF_8);
      one.close();
      admin.zadd(nodes, 1, one.node.id()); // as if it had died long ago
    }
    try (RunningNode two = new RunningNode(config(), app("b", "other"))) {
      RunningNode.get(two.entered);
    }
  }

  @Test
  void theCheckOutlivesAnEmptiedRedis() {
    try (RunningNode one = new RunningNode(config(), app("b", "key-b"))) {
      RunningNode.get(one.entered);
      redis.restart();
      try (Jedis admin = redis.admin()) {
        settled("it is in again", () -> admin.exists(one.node.keys().apps()));
      }
      try (RunningNode two = new RunningNode(config(), app("b", "other"))) {
        isRefused(two);
      }
    }
  }

  @Test
  void noKeyAndNoSecretIsInRedis() {
    try (RunningNode one = new RunningNode(config(), app("b", "the-key-of-b"));
        Jedis admin = redis.admin()) {
      RunningNode.get(one.entered);

      String apps = new String(one.node.keys().apps(), UTF_8);
      assertThat(admin.hvals(apps))
          .singleElement()
          .asString()
          .matches("[0-9a-f]{16} b\n")
          .doesNotContain("the-key-of-b");
    }
  }

  @Test
  void aServerThatIsRefusedDoesNotStart() throws Exception {
    try (Server one = Server.start(server("key-b"))) {
      assertThat(one.port()).isPositive();
      assertThatThrownBy(() -> Server.start(server("other")).close())
          .isInstanceOf(RefusedException.class)
          .hasMessageStartingWith("app b: another node");
    }
  }

  private Config server(String key) {
    return Config.defaults()
        .withServer(ServerConfig.defaults().toBuilder().host("127.0.0.1").port(0).build())
        .withAdmin(AdminConfig.defaults().toBuilder().port(0).build())
        .withApps(config("b", key))
        .withScaling(ScalingConfig.defaults().toBuilder().enabled(true).redis(config()).build());
  }
}
