package dev.carillon.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.occupancy.Occupancy;
import dev.carillon.server.occupancy.OccupancyListener;
import dev.carillon.server.presence.MemberListener;
import dev.carillon.server.presence.Presence;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.Published;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisTime;
import dev.carillon.server.user.Users;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

/** What two nodes do in the same moment is decided, told and reported once. */
class RedisTwoNodesTest {
  private static final int ROUNDS = 200;
  private static final Duration GRACE = Duration.ofMillis(100);
  private static final Topic ROOM = new Topic("3", ChannelName.of("presence-a"));
  private static final Topic NEWS = new Topic("3", ChannelName.of("cache-news"));
  private static final Topic ANN = Topic.ofStatus("3", new UserId("ann", false));
  private static final UserId USER = new UserId("7", false);

  /** A user id may have any characters. */
  private static final Topic BELL = Topic.ofStatus("3", new UserId("\u0007/{}", false));

  /** What the nodes' listeners are told, all together. */
  private final List<String> told = new CopyOnWriteArrayList<>();

  private final class Node implements AutoCloseable {
    final Published published = new Published();
    final SocketId socket;
    final RedisNode node;
    final Presence presence;
    final Occupancy occupancy;
    final Users users;
    final ChannelCache cache;

    Node(ScalingConfig cluster, String socket) throws Exception {
      this.socket = new SocketId(socket);
      this.node = new RedisNode(cluster, OnRedis.unseen());
      Broker broker = node.broker(published);
      this.presence = node.presence(new Told());
      this.occupancy = node.occupancy(new Told(), topic -> {});
      this.users = node.users(GRACE);
      this.cache = node.channelCache();
      node.start();
      published.watch(broker, ROOM, ANN, BELL);
    }

    void join() {
      await(presence.join(ROOM, socket, new Member(USER, null), 0));
    }

    void leave() {
      presence.leave(ROOM, socket, USER);
      await(presence.members(ROOM)); // the leave is done
    }

    void enter() {
      occupancy.entered(NEWS);
      await(occupancy.subscriptions(NEWS));
    }

    void exit() {
      occupancy.left(NEWS);
      await(occupancy.subscriptions(NEWS));
    }

    void signIn() {
      await(users.signedIn(ANN, socket));
    }

    void signOut() {
      users.signedOut(ANN, socket);
      await(users.statuses(List.of(ANN)));
    }

    long offlines() {
      return published.soFar().stream().filter(one -> one.text().contains("offline")).count();
    }

    @Override
    public void close() {
      node.close();
    }
  }

  private final class Told implements MemberListener, OccupancyListener {
    @Override
    public void memberAdded(Topic topic, UserId user) {
      told.add("added");
    }

    @Override
    public void memberRemoved(Topic topic, UserId user) {
      told.add("removed");
    }

    @Override
    public void channelOccupied(Topic topic) {
      told.add("occupied");
    }

    @Override
    public void channelVacated(Topic topic) {
      told.add("vacated");
    }
  }

  private final ScalingConfig cluster = OnRedis.fresh();
  private Node one;
  private Node two;

  @BeforeEach
  void start() throws Exception {
    one = new Node(cluster, "1.1");
    two = new Node(cluster, "2.2");
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }

  private static void atOnce(Runnable first, Runnable second) {
    await(
        CompletableFuture.allOf(
            CompletableFuture.runAsync(first), CompletableFuture.runAsync(second)));
  }

  private static void inTurns(List<String> changes, String first, String second) {
    assertThat(changes).hasSize(2 * ROUNDS);
    for (int i = 0; i < changes.size(); i++) {
      assertThat(changes.get(i)).contains(i % 2 == 0 ? first : second);
    }
  }

  @Test
  void aUserWhoComesToBothAndGoesFromBothAtOnceIsToldOfOnce() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      atOnce(one::join, two::join);
      atOnce(one::leave, two::leave);
    }

    inTurns(one.published.texts(), "member_added", "member_removed");
    assertThat(two.published.texts()).isEqualTo(one.published.texts());
    inTurns(told, "added", "removed");
  }

  /** Neither is seen as gone in between, nor left in. */
  @Test
  void aUserWhoGoesFromOneAndComesToTheOtherIsAddedAndRemovedInTurns() throws Exception {
    one.join();
    for (int round = 0; round < ROUNDS; round++) {
      atOnce(one::leave, two::join);
      assertThat(await(one.presence.members(ROOM)).members()).hasSize(1);
      atOnce(two::leave, one::join);
    }
    one.leave();

    List<String> changes = one.published.texts();
    assertThat(changes.size() % 2).isZero();
    for (int i = 0; i < changes.size(); i++) {
      assertThat(changes.get(i)).contains(i % 2 == 0 ? "member_added" : "member_removed");
    }
    assertThat(await(two.presence.members(ROOM)).members()).isEmpty();
  }

  @Test
  void aChannelThatBothEnterAndLeaveAtOnceIsOccupiedAndVacatedOnce() {
    for (int round = 0; round < ROUNDS; round++) {
      atOnce(one::enter, two::enter);
      assertThat(await(one.occupancy.subscriptions(NEWS))).isEqualTo(2);
      atOnce(one::exit, two::exit);
      assertThat(await(one.occupancy.subscriptions(NEWS))).isZero();
    }

    inTurns(told, "occupied", "vacated");
  }

  @Test
  void aUserWhoSignsInToBothAndOutOfBothAtOnceIsToldOfOnce() throws Exception {
    for (int round = 1; round <= 20; round++) {
      atOnce(one::signIn, two::signIn);
      atOnce(one::signOut, two::signOut);
      int offlines = round;
      Await.until("the user is offline", () -> one.offlines() == offlines);
    }

    List<String> changes = two.published.texts();
    assertThat(changes).hasSize(40).isEqualTo(one.published.texts());
    for (int i = 0; i < changes.size(); i++) {
      assertThat(changes.get(i)).contains(i % 2 == 0 ? "\\\"online" : "\\\"offline");
    }
  }

  @Test
  void whoIsOnAnotherNodeIsNotAbsent() throws Exception {
    one.signIn();
    two.signIn();
    one.signOut();
    try (Jedis redis = RedisTime.client(cluster)) {
      Await.until(
          "it was looked at", () -> redis.zcard(cluster.redis().prefix() + "{graces}") == 0);
    }

    assertThat(await(one.users.statuses(List.of(ANN))).get(0).online()).isTrue();
    assertThat(two.published.texts()).hasSize(1);
  }

  @Test
  void whoseNodeStopsDuringTheGraceGoesOfflineOnce() throws Exception {
    one.signIn();
    one.signOut();
    one.close();

    Await.until("the user is offline", () -> two.offlines() == 1);
    assertThat(two.published.texts()).hasSize(2);
    assertThat(await(two.users.statuses(List.of(ANN))).get(0).online()).isFalse();
  }

  @Test
  void whoseNodeStopsGoesOfflineAfterTheGrace() throws Exception {
    one.signIn();
    one.close();

    Await.until("the user is offline", () -> two.offlines() == 1);
    assertThat(two.published.texts()).hasSize(2);
  }

  @Test
  void whoComesToAnotherNodeAsTheirsStopsStaysOnline() throws Exception {
    one.signIn();
    await(one.users.signedIn(BELL, one.socket));
    two.signIn();
    one.close();

    Await.until("the other is offline", () -> two.offlines() == 1);
    assertThat(await(two.users.statuses(List.of(ANN, BELL))))
        .extracting(Users.Status::online)
        .containsExactly(true, false);
    assertThat(two.published.texts()).hasSize(3);
  }

  @Test
  void aMissOnBothIsNewsOnce() {
    boolean first = await(one.cache.missed(NEWS));
    boolean second = await(two.cache.missed(NEWS));

    assertThat(first).isTrue();
    assertThat(second).isFalse();
  }
}
