package dev.carillon.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.config.RedisConfig;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.redis.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;

/** Nothing grows without bound while Redis is away, however clients come and go. */
@Timeout(120)
class RedisAwayTest {
  private static final int MAX_WAITING = 2000;
  private static final Topic NEWS = topic("news");

  private RedisServer redis;
  private RunningNode node;

  @BeforeEach
  void start() {
    redis = RedisServer.start();
    node =
        new RunningNode(
            RunningNode.at(new RedisConfig.Standalone(redis.host(), redis.port(), 0)), MAX_WAITING);
    settled("it is connected", node.node::available);
  }

  @AfterEach
  void stop() {
    node.close();
    redis.close();
  }

  private static Topic topic(String channel) {
    return new Topic("3", ChannelName.of(channel));
  }

  private static void settled(String what, BooleanSupplier condition) {
    Await.until(what, Duration.ofSeconds(60), Duration.ofMillis(50), condition);
  }

  private void leaveRedis() {
    redis.kill();
    settled("it is away", () -> !node.node.available());
  }

  @Test
  void topicsThatNobodyWantsAnyMoreAreForgotten() throws Exception {
    node.subscribe(NEWS);
    leaveRedis();
    for (int i = 0; i < 1000; i++) {
      node.broker.subscribe(topic("room-" + i));
      node.broker.unsubscribe(topic("room-" + i));
    }
    CompletionStage<Void> stays = node.broker.subscribe(topic("stays"));

    settled("they are forgotten", () -> node.topics() == 2);

    redis.restart();
    RunningNode.get(stays);
    node.subscribe(topic("room-0"));
    node.publish(topic("room-0"), "{}");
    node.awaitMessage("room-0 {}");
    node.publish(topic("stays"), "{}");
    node.awaitMessage("stays {}");
  }

  @Test
  void whoDoesNotWaitAnyLongerToBeLetInIsForgotten() {
    leaveRedis();
    List<CompletionStage<Boolean>> all =
        IntStream.range(0, 1000).mapToObj(i -> node.quota.enter("3", 5)).toList();
    List<CompletionStage<Integer>> counts =
        IntStream.range(0, 1000).mapToObj(i -> node.quota.count("3")).toList();

    settled("all are told", () -> all.stream().allMatch(RedisAwayTest::failed));
    settled("all are told", () -> counts.stream().allMatch(RedisAwayTest::failed));

    assertThat(((RedisQuota) node.quota).waiting("3")).isZero();
    redis.restart();
    settled("it is back", node.node::available);
    assertThat(RunningNode.get(node.quota.enter("3", 5))).isTrue();
    assertThat(RunningNode.get(node.quota.count("3"))).isEqualTo(1);
  }

  private static boolean failed(CompletionStage<?> stage) {
    return stage.toCompletableFuture().isCompletedExceptionally();
  }

  @Test
  void noMoreSubscribersWaitThanThereIsRoomFor() {
    leaveRedis();
    for (int i = 0; i < MAX_WAITING; i++) {
      node.occupancy.entered(NEWS);
    }

    assertThatThrownBy(() -> node.occupancy.entered(NEWS)).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(() -> node.occupancy.entered(topic("other")))
        .isInstanceOf(UnavailableException.class);

    redis.restart();
    settled("it is back", node.node::available);
    RunningNode.get(node.occupancy.entered(topic("other")));
    assertThat(RunningNode.get(node.occupancy.subscriptions(NEWS))).isEqualTo(MAX_WAITING);
    assertThat(RunningNode.get(node.occupancy.subscriptions(topic("other")))).isEqualTo(1);
  }

  @Test
  void noMoreSignInsWaitThanThereIsRoomFor() {
    leaveRedis();
    SocketId socket = new SocketId("1.1");
    int in = 0;
    CompletionStage<Void> last = node.users.signedIn(user(0), socket);
    for (; !failed(last) && in < 100_000; in++) {
      node.users.signedOut(user(in), socket);
      last = node.users.signedIn(user(in + 1), socket);
    }

    assertThat(in).isLessThan(MAX_WAITING);
    redis.restart();
    settled("it is back", node.node::available);
    RunningNode.get(node.users.signedIn(user(0), socket));
    assertThat(RunningNode.get(node.users.statuses(List.of(user(0)))).get(0).online()).isTrue();
  }

  private static Topic user(int i) {
    return Topic.ofStatus("3", new UserId("u" + i, false));
  }

  /** Or it would begin again and again. */
  @Test
  void moreEntriesThanMayWaitArePutBackAtOnce() {
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Logger log = (Logger) LoggerFactory.getLogger(NodeLease.class);
    int topics = 30 * MAX_WAITING;
    for (int i = 0; i < topics; i++) {
      node.occupancy.entered(topic("room-" + i));
      if (i % 1000 == 0) {
        RunningNode.get(node.occupancy.subscriptions(NEWS));
      }
    }
    try (Jedis admin = redis.connect()) {
      log.addAppender(lines);
      admin.flushAll();

      settled("all are back", () -> admin.hlen("carillon:{3}:occupancy") == topics);
    } finally {
      log.detachAppender(lines);
    }
    assertThat(List.copyOf(lines.list))
        .filteredOn(line -> line.getFormattedMessage().startsWith("Putting all"))
        .hasSize(1);
  }
}
