package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.redis.CommandLog;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisCluster;
import dev.carillon.server.support.redis.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every read of the HTTP API is one command, or one for each master of a cluster. */
@Timeout(90)
class HttpReadsTest {
  private static final int ROOMS = 60;
  private static final String COUNTS = "user_count,subscription_count";

  @Test
  void everyReadIsOneCommandOfAServer() {
    try (RedisServer redis = RedisServer.start()) {
      check(List.of(redis), OnRedis.at(redis.port(), Duration.ofSeconds(10)));
    }
  }

  @Test
  void everyReadIsAtMostOneCommandOfEachMasterOfACluster() {
    try (RedisCluster cluster = RedisCluster.start()) {
      check(cluster.nodes(), OnRedis.in(cluster));
    }
  }

  private static void check(List<RedisServer> redis, ScalingConfig scaling) {
    try (TestServer server = TestServer.startNode(scaling, app -> app);
        TestClient client = server.connect()) {
      for (int room = 0; room < ROOMS; room++) {
        client.joinAs("presence-" + room, "{\"user_id\":\"7\"}");
      }
      client.joinAs("presence-cache-a", "{\"user_id\":\"7\"}");
      server.api().trigger("presence-cache-a", "e", "kept");
      List<CommandLog> logs = redis.stream().map(CommandLog::new).toList();
      read(server, logs, "/channels", Map.of(), "\"presence-59\":{}");
      read(
          server,
          logs,
          "/channels",
          Map.of("filter_by_prefix", "presence-", "info", COUNTS),
          "\"presence-59\":{\"user_count\":1,\"subscription_count\":1}");
      read(
          server,
          logs,
          "/channels/presence-cache-a",
          Map.of("info", COUNTS + ",cache"),
          "{\"occupied\":true,\"user_count\":1,\"subscription_count\":1,\"cache\":{\"data\":\"kept\"");
      read(server, logs, "/channels/presence-1/users", Map.of(), "{\"users\":[{\"id\":\"7\"}]}");
      read(server, logs, "/connections", Map.of(), "{\"connections\":1}");
      logs.forEach(CommandLog::close);
    }
  }

  private static void read(
      TestServer server,
      List<CommandLog> logs,
      String endpoint,
      Map<String, String> query,
      String expected) {
    logs.forEach(CommandLog::take);

    assertThat(server.api().get(endpoint, new TreeMap<>(query)).body()).contains(expected);

    List<List<String>> sent = logs.stream().map(CommandLog::take).toList();
    assertThat(sent).as(endpoint).allMatch(commands -> commands.size() <= 1);
    assertThat(sent).as(endpoint).anyMatch(commands -> commands.size() == 1);
  }
}
