package dev.carillon.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.support.Await;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.redis.RedisCluster;
import dev.carillon.server.support.redis.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** A master of a Redis Cluster loses what it had when a node has just died. */
@Timeout(120)
class MasterLossTest {
  private static final List<String> ROOMS =
      IntStream.range(0, 20).mapToObj(room -> "presence-" + room).toList();

  private RedisCluster redis;
  private NodeProcess one;
  private NodeProcess two;
  private final Set<String> ofOne = new HashSet<>();
  private final List<TestClient> clients = new ArrayList<>();

  @BeforeEach
  void start(@TempDir Path folder) {
    redis = RedisCluster.start();
    String scaling =
        "{enabled: true, node_lease: 2, redis: {url: ["
            + redis.urls().stream().collect(Collectors.joining("\", \"", "\"", "\""))
            + "]}}";
    one = new NodeProcess("one", folder, scaling);
    join(one, "7");
    ofOne.addAll(indexes());
    two = new NodeProcess("two", folder, scaling);
    join(two, "8");
    assertThat(one.api().get("/channels/presence-0/users").body())
        .isEqualTo("{\"users\":[{\"id\":\"7\"},{\"id\":\"8\"}]}");
  }

  @AfterEach
  void stop() {
    clients.forEach(TestClient::close);
    one.close();
    two.close();
    redis.close();
  }

  /** In the rooms, and signed in. */
  private void join(NodeProcess node, String user) {
    TestClient client = open(node);
    clients.add(client);
    client.signedInAs("u" + user);
    ROOMS.forEach(room -> client.joinAs(room, "{\"user_id\":\"" + user + "\"}"));
  }

  private static TestClient open(NodeProcess node) {
    return TestClient.open(
            "ws://127.0.0.1:" + node.port() + "/app/" + TestServer.KEY + "?protocol=7")
        .established();
  }

  private Set<String> indexes() {
    Set<String> keys = new HashSet<>();
    for (RedisServer master : redis.nodes()) {
      try (Jedis admin = master.admin()) {
        keys.addAll(admin.keys("carillon:{node:*}:topics"));
      }
    }
    return keys;
  }

  @Test
  void theMasterThatKnewWhereTheDeadNodeHadEntries() {
    Set<String> ofTwo = indexes();
    ofTwo.removeAll(ofOne);
    assertThat(ofTwo).hasSize(1);

    dieWhile(masters -> masters.nodeOf(ofTwo.iterator().next()));
  }

  @Test
  void theMasterThatKnewThatThereWasTheNode() {
    dieWhile(masters -> masters.nodeOf("carillon:{nodes}"));
  }

  private void dieWhile(Function<RedisCluster, RedisServer> lost) {
    two.kill();
    lost.apply(redis).restart();
    redis.awaitOk();

    Await.until(
        "nobody is left of the dead node",
        Duration.ofSeconds(30),
        Duration.ofMillis(200),
        this::onlyOneIsLeft);
    Await.until(
        "its user is offline, when its grace is over",
        Duration.ofSeconds(20),
        Duration.ofMillis(200),
        () -> online().contains("u7") && !online().contains("u8"));
  }

  private String online() {
    try (TestClient watcher = open(one)) {
      watcher.signedInAs("w", "u7", "u8");
      return watcher
          .nextText()
          .lines()
          .map(line -> line.replaceAll(".*online(.*?)]}.*", "$1"))
          .findFirst()
          .orElseThrow();
    }
  }

  private boolean onlyOneIsLeft() {
    Map<String, String> infos = new TreeMap<>();
    infos.put("filter_by_prefix", "presence-");
    infos.put("info", "user_count,subscription_count");
    String channels = one.api().get("/channels", infos).body();
    String alone = "{\"user_count\":1,\"subscription_count\":1}";
    return channels.split(Pattern.quote(alone), -1).length == ROOMS.size() + 1
        && one.api().get("/connections").body().equals("{\"connections\":1}");
  }
}
