package dev.carillon.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.config.RedisConfig;
import dev.carillon.server.directory.Directory;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.redis.RedisCluster;
import dev.carillon.server.support.redis.RedisServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.MigrateParams;

/** Two nodes on a Redis Cluster of three masters. */
@Timeout(90)
class ClusterNodesTest {
  private static final List<Topic> ROOMS =
      IntStream.range(0, 40)
          .mapToObj(room -> new Topic("3", ChannelName.of("presence-" + room)))
          .toList();

  private RedisCluster redis;
  private RunningNode one;
  private RunningNode two;

  @BeforeEach
  void start() {
    redis = RedisCluster.start();
    one = new RunningNode(config());
    two = new RunningNode(config());
    for (Topic room : ROOMS) {
      one.subscribe(room);
      two.subscribe(room);
    }
    settled(() -> one.node.available() && two.node.available());
  }

  private RedisConfig config() {
    return RunningNode.at(
        new RedisConfig.Cluster(
            redis.nodes().stream()
                .map(node -> new RedisConfig.Node(node.host(), node.port()))
                .toList()));
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    redis.close();
  }

  private static void settled(BooleanSupplier condition) {
    Await.until("it is so", Duration.ofSeconds(30), Duration.ofMillis(50), condition);
  }

  private String slotKey(Topic room) {
    return one.node.keys().channel(room);
  }

  private long mastersOf(List<Topic> rooms) {
    return rooms.stream().map(room -> redis.nodeOf(slotKey(room))).distinct().count();
  }

  @Test
  void whatOneNodePublishesArrivesAtAllOnceWhateverItsMaster() throws Exception {
    assertThat(mastersOf(ROOMS)).isEqualTo(3);
    one.got.clear();
    two.got.clear();

    ROOMS.forEach(room -> one.publish(room, "{}"));

    for (RunningNode node : List.of(one, two)) {
      List<String> came = new ArrayList<>();
      settled(
          () -> {
            node.got.drainTo(came);
            came.removeIf(each -> each.startsWith("gap"));
            return came.size() >= ROOMS.size();
          });
      assertThat(came)
          .containsExactlyInAnyOrderElementsOf(
              ROOMS.stream().map(room -> room.channel() + " {}").toList());
    }
  }

  @Test
  void theEntriesOfANodeThatEndsAreTakenOutOnAllMasters() throws Exception {
    for (Topic room : ROOMS) {
      one.join(room, "1.1", "7");
      two.join(room, "2.2", "8");
      one.occupancy.entered(room);
    }
    settled(() -> one.occupied.size() == ROOMS.size());
    assertThat(ROOMS).allMatch(room -> two.members(room).equals("[7, 8]"));

    one.close();

    settled(() -> ROOMS.stream().allMatch(room -> two.members(room).equals("[8]")));
    settled(() -> two.occupied.size() == ROOMS.size());
    assertThat(two.occupied)
        .containsExactlyInAnyOrderElementsOf(
            ROOMS.stream().map(room -> "- " + room.channel()).toList());
  }

  @Test
  void theIndexOfANodeForgetsWhatItHasLeft() {
    for (Topic room : ROOMS) {
      one.join(room, "1.1", "7");
    }
    String index = new String(one.node.keys().ofNode(one.node.id()), StandardCharsets.UTF_8);
    try (Jedis owner = redis.nodeOf(index).admin()) {
      assertThat(owner.scard(index)).isEqualTo(ROOMS.size());
      ROOMS
          .subList(1, ROOMS.size())
          .forEach(room -> one.presence.leave(room, new SocketId("1.1"), new UserId("7", false)));

      settled(() -> owner.scard(index) == 1);
    }
  }

  @Test
  void aMasterThatComesBackEmptyIsFilledAgain() throws Exception {
    for (Topic room : ROOMS) {
      one.join(room, "1.1", "7");
      two.join(room, "2.2", "8");
    }
    for (RedisServer master : redis.nodes()) {
      master.restart();
      redis.awaitOk();

      settled(
          () ->
              one.node.available()
                  && two.node.available()
                  && ROOMS.stream().allMatch(room -> one.members(room).equals("[7, 8]")));
    }
    one.got.clear();
    two.got.clear();
    for (Topic room : ROOMS) {
      one.publish(room, "again");
    }
    two.awaitMessage(ROOMS.get(ROOMS.size() - 1).channel() + " again");
    one.close();
    settled(() -> ROOMS.stream().allMatch(room -> two.members(room).equals("[8]")));
  }

  @Test
  void subscriptionsAndEntriesGoWithTheirSlot() throws Exception {
    Topic room = ROOMS.get(0);
    one.join(room, "1.1", "7");
    RunningNode.get(one.occupancy.entered(room));
    RedisServer from = redis.nodeOf(slotKey(room));
    RedisServer to = redis.nodes().stream().filter(node -> node != from).findFirst().orElseThrow();
    one.got.clear();
    two.got.clear();

    migrate(SlotMap.slotOf(slotKey(room)), from, to);

    two.join(room, "2.2", "8");
    assertThat(one.members(room)).isEqualTo("[7, 8]");
    assertThat(RunningNode.get(two.directory.channels("3", "presence-", true)))
        .isEqualTo(Map.of(room.channel(), new Directory.Facts(1, 2, ChannelCache.Last.NONE)));
    two.awaitMessage("gap " + room.channel());
    one.publish(room, "after");
    one.awaitMessage(room.channel() + " after");
    two.awaitMessage(room.channel() + " after");
    try (Jedis now = to.admin()) {
      assertThat(now.pubsubShardChannels()).contains(slotKey(room));
    }
    settled(() -> one.node.available() && two.node.available());
  }

  private void migrate(int slot, RedisServer from, RedisServer to) {
    try (Jedis source = from.admin();
        Jedis target = to.admin()) {
      target.clusterSetSlotImporting(slot, source.clusterMyId());
      source.clusterSetSlotMigrating(slot, target.clusterMyId());
      for (List<String> keys = source.clusterGetKeysInSlot(slot, 100);
          !keys.isEmpty();
          keys = source.clusterGetKeysInSlot(slot, 100)) {
        source.migrate(
            to.host(),
            to.port(),
            5_000,
            MigrateParams.migrateParams().auth2("fixture", "fixture"),
            keys.toArray(String[]::new));
      }
      String owner = target.clusterMyId();
      target.clusterSetSlotNode(slot, owner);
      source.clusterSetSlotNode(slot, owner);
    }
  }

  @Test
  void aReplicaThatTakesAMastersPlaceIsPublishedToAndFilled() throws Exception {
    RedisServer master = redis.nodes().get(1);
    try (RedisServer replica = replicaOf(master)) {
      for (Topic room : ROOMS) {
        one.join(room, "1.1", "7");
        two.join(room, "2.2", "8");
      }
      one.got.clear();
      two.got.clear();
      master.kill();

      settled(() -> isMaster(replica));
      settled(
          () ->
              one.node.available()
                  && two.node.available()
                  && ROOMS.stream().allMatch(room -> one.members(room).equals("[7, 8]")));
      List<Topic> moved =
          ROOMS.stream()
              .filter(room -> redis.nodeOf(slotKey(room)) == master)
              .collect(Collectors.toList());
      for (Topic room : moved) {
        one.publish(room, "after");
      }
      for (Topic room : moved) {
        two.awaitMessage(room.channel() + " after");
      }
      two.close();
      settled(() -> ROOMS.stream().allMatch(room -> one.members(room).equals("[7]")));
    }
  }

  private RedisServer replicaOf(RedisServer master) {
    RedisServer replica =
        RedisServer.builder()
            .line("cluster-enabled yes")
            .line("cluster-config-file nodes.conf")
            .line("cluster-node-timeout 1000")
            .line("repl-diskless-sync-delay 0")
            .start();
    try (Jedis admin = replica.admin();
        Jedis of = master.admin()) {
      of.clusterMeet(replica.host(), replica.port());
      String id = of.clusterMyId();
      settled(() -> admin.clusterNodes().contains(id));
      admin.clusterReplicate(id);
      settled(() -> admin.info("replication").contains("master_link_status:up"));
    }
    return replica;
  }

  private static boolean isMaster(RedisServer server) {
    try (Jedis admin = server.admin()) {
      return admin.info("replication").contains("role:master");
    }
  }
}
