package dev.carillon.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.config.RedisConfig;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.redis.RedisCluster;
import dev.carillon.server.support.redis.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;

/** How a Redis Cluster lets a node in. */
@Timeout(90)
class ClusterAccessTest {
  private static final Topic ROOM = new Topic("3", ChannelName.of("presence-a"));
  private static final String USER = "carillon";
  private static final String PASSWORD = "the-password";
  private static final String RIGHTS = DocumentedRights.ofCluster();

  private static RedisConfig config(RedisCluster redis) {
    return RunningNode.at(
            new RedisConfig.Cluster(
                redis.nodes().stream()
                    .map(node -> new RedisConfig.Node(node.host(), node.port()))
                    .toList()))
        .toBuilder()
        .user(USER)
        .password(PASSWORD)
        .build();
  }

  private static void settled(String what, BooleanSupplier condition) {
    Await.until(what, Duration.ofSeconds(20), Duration.ofMillis(50), condition);
  }

  private static List<?> refusals(RedisCluster redis) {
    return redis.nodes().stream()
        .flatMap(
            node -> {
              try (Jedis admin = node.admin()) {
                return admin.aclLog().stream();
              }
            })
        .toList();
  }

  /** Also those to search for what a node has left whose index is lost. */
  @Test
  void theRightsOfTheDocumentAreEnough() throws Exception {
    try (RedisCluster redis = RedisCluster.startWithUser(USER, PASSWORD, RIGHTS);
        RunningNode one = new RunningNode(config(redis))) {
      RedisAccessTest.serves(one);
      try (RunningNode two = new RunningNode(config(redis))) {
        two.subscribe(ROOM);
        two.join(ROOM, "2.2", "8");
      }
      settled("the other is evicted", () -> one.members(ROOM).equals("[7]"));
      settled("remains were searched for", () -> searched(redis));
      assertThat(refusals(redis)).isEmpty();
      RedisServer master = redis.nodes().get(2);
      master.restart();
      redis.awaitOk();

      settled("all is there again", () -> one.members(ROOM).equals("[7]"));
      RedisAccessTest.serves(one);
      assertThat(refusals(redis)).isEmpty();
    }
  }

  private static boolean searched(RedisCluster redis) {
    String key = "carillon:{nodes}:searched";
    try (Jedis admin = redis.nodeOf(key).admin()) {
      return admin.exists(key);
    }
  }

  @Test
  void theDocumentNamesTheRightsThatAreChecked() {
    assertThat(RIGHTS.split(" "))
        .contains(Rights.COMMANDS.stream().map(name -> "+" + name).toArray(String[]::new))
        .contains(Rights.CLUSTER_COMMANDS.stream().map(name -> "+" + name).toArray(String[]::new))
        .contains(
            Rights.names(PubSub.SHARDED).stream().map(name -> "+" + name).toArray(String[]::new));
  }

  @Test
  void missingRightsAreTriedAgain() throws Exception {
    try (RedisCluster redis =
            RedisCluster.startWithUser(USER, PASSWORD, RIGHTS + " -scan -ssubscribe");
        RunningNode node = new RunningNode(config(redis))) {
      assertThat(node.node.available()).isFalse();
      for (RedisServer master : redis.nodes()) {
        try (Jedis admin = master.admin()) {
          admin.aclSetUser(USER, "+scan", "+ssubscribe");
        }
      }

      RedisAccessTest.serves(node);
    }
  }
}
