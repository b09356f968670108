package dev.carillon.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.config.RedisConfig;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.redis.RedisSentinel;
import dev.carillon.server.support.redis.RedisServer;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** Two nodes on a master, a replica and a sentinel. */
@Timeout(90)
class SentinelNodesTest {
  private static final Topic ROOM = new Topic("3", ChannelName.of("presence-a"));
  private static final Topic OTHER = new Topic("3", ChannelName.of("presence-b"));

  private RedisSentinel redis;
  private RunningNode one;
  private RunningNode two;

  @BeforeEach
  void start() {
    redis = RedisSentinel.start(1, "secret", "sentinels'");
    RedisConfig config =
        RunningNode.at(
                new RedisConfig.Sentinel(
                    RedisSentinel.MASTER_NAME,
                    redis.sentinels().stream()
                        .map(node -> new RedisConfig.Node(node.host(), node.port()))
                        .toList(),
                    "sentinels'",
                    3))
            .toBuilder()
            .password("secret")
            .build();
    one = new RunningNode(config);
    two = new RunningNode(config);
    one.subscribe(ROOM);
    two.subscribe(ROOM);
    one.join(ROOM, "1.1", "7");
    two.join(ROOM, "2.2", "8");
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    redis.close();
  }

  private static void settled(String what, BooleanSupplier condition) {
    Await.until(what, Duration.ofSeconds(30), Duration.ofMillis(50), condition);
  }

  private void servesAgainAt(RedisServer master) throws Exception {
    redis.awaitMaster(master);
    settled("both are connected", () -> one.node.available() && two.node.available());
    settled("entries are back", () -> two.members(ROOM).equals("[7, 8]"));
    String channel = one.node.keys().channel(ROOM);
    try (Jedis now = master.admin()) {
      settled(
          "both are subscribed at the master", () -> now.pubsubNumSub(channel).get(channel) == 2L);
    }
    one.publish(ROOM, "after");
    one.awaitMessage(ROOM.channel() + " after");
    two.awaitMessage(ROOM.channel() + " after");
    two.join(OTHER, "2.2", "8");
    assertThat(one.members(OTHER)).isEqualTo("[8]");
  }

  @Test
  void allGoesOnAtTheNewMasterWhenTheOldOneIsKilled() throws Exception {
    RedisServer next = redis.replica();

    redis.master().kill();

    servesAgainAt(next);
  }

  @Test
  void nobodyStaysAtAnOldMasterThatWasPausedAndAnswersAgain() throws Exception {
    RedisServer old = redis.master();
    RedisServer next = redis.replica();

    old.pause();
    servesAgainAt(next);
    old.resume();

    settled("it is a replica", () -> isReplica(old));
    servesAgainAt(next);
  }

  private static boolean isReplica(RedisServer server) {
    try (Jedis admin = server.admin()) {
      return admin.info("replication").contains("role:slave");
    } catch (JedisException closed) {
      return false; // as it does with all connections when it becomes one
    }
  }

  @Test
  void subscriptionsLeaveAMasterThatBecomesAReplicaAndGoesOnToAnswer() throws Exception {
    RedisServer next = redis.replica();

    redis.failover();

    servesAgainAt(next);
  }

  @Test
  void theEntriesOfANodeThatEndsAfterwardsAreTakenOut() throws Exception {
    RedisServer next = redis.replica();
    redis.master().kill();
    servesAgainAt(next);

    one.close();

    settled("it is out", () -> two.members(ROOM).equals("[8]"));
  }
}
