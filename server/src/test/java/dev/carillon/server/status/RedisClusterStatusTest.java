package dev.carillon.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.status.Status;
import dev.carillon.server.config.RedisConfig;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.status.StatusNode.Told;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisCluster;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a Redis Cluster users lie in slots of all masters, and what is published in others. */
@Timeout(120)
class RedisClusterStatusTest {
  private static final StatusTimes TIMES =
      new StatusTimes(
          Duration.ofMillis(300),
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          Duration.ofMillis(20),
          Duration.ofDays(1));
  private static final String[] USERS =
      IntStream.range(0, 40).mapToObj(i -> "user" + i).toArray(String[]::new);

  private static RedisCluster cluster;
  private StatusNode a;
  private StatusNode b;

  @BeforeAll
  static void startCluster() {
    cluster = RedisCluster.start();
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @BeforeEach
  void start() {
    List<RedisConfig.Node> masters =
        cluster.addresses().stream()
            .map(address -> new RedisConfig.Node(address.getHost(), address.getPort()))
            .toList();
    ScalingConfig fresh = OnRedis.at(0, Duration.ofSeconds(2));
    ScalingConfig scaling =
        fresh.toBuilder()
            .redis(fresh.redis().toBuilder().target(new RedisConfig.Cluster(masters)).build())
            .build();
    a = new StatusNode(scaling, TIMES);
    b = new StatusNode(scaling, TIMES);
    Await.until("both are connected", () -> a.node.available() && b.node.available());
    b.watch(USERS);
  }

  @AfterEach
  void stop() {
    a.close();
    b.close();
  }

  private List<Told> told(String user) {
    return b.heard.stream().filter(told -> told.user().equals(user)).toList();
  }

  @Test
  void usersOfAllSlotsAreToldOnceAndInOrder() {
    for (int i = 0; i < USERS.length; i++) {
      a.connect(USERS[i], "1." + i, "d");
    }
    Await.until("all are online", () -> b.heard.size() == USERS.length);
    List<CompletionStage<UserRecord>> chosen =
        Stream.of(USERS).map(user -> b.choose(user, Status.BUSY, Duration.ofMillis(300))).toList();
    chosen.forEach(StatusNode::get);
    Await.until("all have ended", () -> b.heard.size() == 3 * USERS.length);
    StatusStore.Read read =
        StatusNode.get(b.statuses.read(Stream.of(USERS).map(StatusNode::id).toList()));
    for (int i = 0; i < USERS.length; i++) {
      a.disconnect(USERS[i], "1." + i);
    }
    Await.until("all are offline", () -> b.heard.size() == 4 * USERS.length);

    assertThat(read.records()).allMatch(record -> record.orElseThrow().shown().version() == 3);
    for (String user : USERS) {
      assertThat(told(user))
          .containsExactly(
              new Told(user, "online", 1),
              new Told(user, "busy", 2),
              new Told(user, "online", 3),
              new Told(user, "offline", 4));
    }
  }

  @Test
  void usersOfANodeThatGoesAreOfflineAfterTheirGrace() {
    for (int i = 0; i < USERS.length; i++) {
      a.connect(USERS[i], "1." + i, "d");
    }
    Await.until("all are online", () -> b.heard.size() == USERS.length);
    a.close();

    Await.until("all are offline", () -> b.heard.size() == 2 * USERS.length);
    assertThat(b.heard.stream().skip(USERS.length))
        .allMatch(told -> told.status().equals("offline") && told.version() == 2);
  }
}
