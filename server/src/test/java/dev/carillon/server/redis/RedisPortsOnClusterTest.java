package dev.carillon.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.http.IdempotencyKey;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.CachedEvent;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.config.RedisConfig;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.directory.Directory;
import dev.carillon.server.held.HeldEvents;
import dev.carillon.server.held.Inbox;
import dev.carillon.server.idempotency.Idempotency;
import dev.carillon.server.idempotency.RequestName;
import dev.carillon.server.metrics.Metrics;
import dev.carillon.server.occupancy.Occupancy;
import dev.carillon.server.presence.Presence;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.Published;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisCluster;
import dev.carillon.server.user.Users;
import dev.carillon.server.webhook.Webhooks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A script may have keys of one slot only; so many topics lie in slots of all masters. */
class RedisPortsOnClusterTest {
  private static final int MANY = 30;
  private static final SocketId ONE = new SocketId("1.1");

  private static RedisCluster cluster;
  private RedisNode node;
  private Presence presence;
  private Occupancy occupancy;
  private Users users;
  private ChannelCache cache;
  private Idempotency idempotency;
  private Directory directory;
  private HeldEvents held;
  private final Published published = new Published();
  private final Metrics metrics = new Metrics();
  private Broker broker;

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
    ScalingConfig defaults = ScalingConfig.defaults();
    node =
        new RedisNode(
            defaults.toBuilder()
                .enabled(true)
                .redis(
                    defaults.redis().toBuilder().target(new RedisConfig.Cluster(masters)).build())
                .build(),
            OnRedis.unseen());
    broker = node.broker(published);
    held = node.heldEvents(metrics.held());
    presence = node.presence(Webhooks.none());
    occupancy = node.occupancy(Webhooks.none(), topic -> {});
    users = node.users(Duration.ofMillis(100));
    cache = node.channelCache();
    idempotency = node.idempotency();
    directory = node.directory();
    node.start();
  }

  @AfterEach
  void stop() {
    node.close();
    metrics.close();
  }

  private static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static List<Topic> topics(String prefix) {
    return IntStream.range(0, MANY)
        .mapToObj(i -> new Topic("3", ChannelName.of(prefix + i)))
        .toList();
  }

  @Test
  void eventsAreKept() throws Exception {
    for (Topic topic : topics("cache-")) {
      CachedEvent event =
          CachedEvent.of(new ServerEvent.ChannelMessage(topic.channel(), "e", RawJson.string("x")));
      assertThat(now(cache.missed(topic))).isTrue();
      now(cache.publish(topic, event, Duration.ofSeconds(60), null));

      ChannelCache.Last last = now(cache.last(topic));
      assertThat(last.event()).isNotNull();
      assertThat(last.event().message()).isEqualTo(event.message());
      assertThat(now(cache.missed(topic))).isTrue();
    }
  }

  @Test
  void eventsWait() throws Exception {
    List<Topic> all = topics("private-App.Models.User.");
    published.watch(broker, all.toArray(Topic[]::new));
    for (Topic topic : all) {
      Inbox inbox = new Inbox(List.of(topic));
      now(held.hold(inbox, event(topic, Duration.ZERO)));
      now(held.hold(inbox, event(topic, Duration.ofSeconds(60))));
      assertThat(now(held.publish(inbox, event(topic, Duration.ZERO)))).isFalse();
      assertThat(now(held.waiting(inbox, Set.of(topic)))).isPositive();

      now(held.release(inbox, Set.of(topic), Long.MAX_VALUE));

      assertThat(now(held.waiting(inbox, Set.of(topic)))).isZero();
      assertThat(now(cache.last(topic)).event()).isNotNull();
      assertThat(now(held.publish(inbox, event(topic, Duration.ZERO)))).isTrue();
    }
    assertThat(published.all()).hasSize(4 * MANY);
  }

  private static HeldEvents.Event event(Topic topic, Duration cacheTtl) {
    return new HeldEvents.Event(
        topic,
        CachedEvent.of(new ServerEvent.ChannelMessage(topic.channel(), "e", RawJson.string("x"))),
        null,
        cacheTtl);
  }

  @Test
  void usersComeAndGo() throws Exception {
    List<Topic> all =
        IntStream.range(0, MANY)
            .mapToObj(i -> Topic.ofStatus("3", new UserId("user" + i, false)))
            .toList();
    for (Topic user : all) {
      now(users.signedIn(user, ONE));
    }
    assertThat(now(users.statuses(all))).extracting(Users.Status::online).containsOnly(true);

    all.forEach(user -> users.signedOut(user, ONE));

    Await.until("all are offline", () -> allAreOffline(all));
  }

  private boolean allAreOffline(List<Topic> all) {
    return users.statuses(all).toCompletableFuture().join().stream()
        .noneMatch(Users.Status::online);
  }

  @Test
  void requestsAreDoneOnce() throws Exception {
    for (int i = 0; i < MANY; i++) {
      RequestName name = new RequestName("3", "events", new IdempotencyKey("a}{" + i));
      byte[] answer = ("answer " + i).getBytes(StandardCharsets.UTF_8);
      assertThat(once(name, answer).repeated()).isFalse();
      assertThat(once(name, new byte[0]).body()).isEqualTo(answer);
    }
  }

  private Idempotency.Answer once(RequestName name, byte[] answer) throws Exception {
    return now(idempotency.once(name, "print", () -> CompletableFuture.completedStage(answer)));
  }

  @Test
  void membersAndSubscriptionsAreCounted() throws Exception {
    UserId user = new UserId("7", false);
    for (Topic topic : topics("presence-")) {
      now(presence.join(topic, ONE, new Member(user, null), 0));
      assertThat(users(topic)).isEqualTo(1);
      presence.leave(topic, ONE, user);
      assertThat(users(topic)).isZero();
      occupancy.entered(topic);
    }

    assertThat(now(directory.channels("3", "presence-", true))).hasSize(MANY);
  }

  private int users(Topic topic) throws Exception {
    return now(directory.of(List.of(new Directory.Question(topic, true, false)))).get(0).users();
  }
}
