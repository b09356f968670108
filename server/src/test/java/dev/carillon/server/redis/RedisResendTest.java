package dev.carillon.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.Cause;
import dev.carillon.protocol.status.Profile;
import dev.carillon.protocol.status.Status;
import dev.carillon.protocol.status.StatusUpdate;
import dev.carillon.protocol.status.UserStatus;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.CachedEvent;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.held.HeldEvents;
import dev.carillon.server.held.Inbox;
import dev.carillon.server.metrics.Metrics;
import dev.carillon.server.presence.MemberListener;
import dev.carillon.server.presence.Presence;
import dev.carillon.server.status.StatusStore;
import dev.carillon.server.status.StatusStore.Change;
import dev.carillon.server.status.StatusStore.Changed;
import dev.carillon.server.status.StatusStore.Publication;
import dev.carillon.server.status.UserRecord;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.Published;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisServer;
import dev.carillon.server.user.Users;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.BinaryJedisPubSub;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;

/**
 * Commands whose answers come too late: they are sent again, and done twice. A script before them
 * keeps Redis busy until their connection is given up.
 */
class RedisResendTest {
  private static final Topic ROOM = new Topic("3", ChannelName.of("presence-a"));
  private static final Topic NEWS = new Topic("3", ChannelName.of("cache-news"));
  private static final Inbox INBOX = new Inbox(List.of(NEWS));
  private static final Topic ANN = Topic.ofStatus("3", new UserId("ann", false));
  private static final SocketId ONE = new SocketId("1.1");
  private static final UserId USER = new UserId("7", false);
  private static final Member MEMBER = new Member(USER, null);

  private static final JedisClientConfig FOREVER =
      DefaultJedisClientConfig.builder()
          .socketTimeoutMillis(0)
          .autoNegotiateProtocol(false)
          .build();

  /** What goes through Redis, twice if it does so twice. */
  private final List<String> published = new CopyOnWriteArrayList<>();

  private final List<String> told = new CopyOnWriteArrayList<>();
  private final CountDownLatch listening = new CountDownLatch(1);
  private final BinaryJedisPubSub listener =
      new BinaryJedisPubSub() {
        @Override
        public void onPSubscribe(byte[] pattern, int count) {
          listening.countDown();
        }

        @Override
        public void onPMessage(byte[] pattern, byte[] channel, byte[] message) {
          EnvelopeCodec.Received received = EnvelopeCodec.decode(message);
          published.add(new String(received.envelope().message(), StandardCharsets.UTF_8));
        }
      };
  private final Metrics metrics = new Metrics();
  private final List<Boolean> sent = new CopyOnWriteArrayList<>();
  private RedisServer redis;
  private RedisNode node;
  private Broker broker;
  private Presence presence;
  private Users users;
  private ChannelCache cache;
  private HeldEvents held;
  private StatusStore statuses;
  private Thread subscriber;

  @BeforeEach
  void start() throws Exception {
    redis = RedisServer.builder().line("busy-reply-threshold 100").start();
    subscriber =
        new Thread(
            () -> {
              try (Jedis client = new Jedis(redis.address(), FOREVER)) {
                client.psubscribe(listener, "*".getBytes(StandardCharsets.UTF_8));
              }
            });
    subscriber.start();
    assertThat(listening.await(10, TimeUnit.SECONDS)).isTrue();
    node =
        new RedisNode(
            OnRedis.at(redis.port(), Duration.ofSeconds(60)).toBuilder()
                .publishTimeout(Duration.ofSeconds(20))
                .build(),
            OnRedis.unseen());
    broker = node.broker(new Published());
    presence =
        node.presence(
            new MemberListener() {
              @Override
              public void memberAdded(Topic topic, UserId user) {
                told.add("added " + user.value());
              }

              @Override
              public void memberRemoved(Topic topic, UserId user) {
                told.add("removed " + user.value());
              }
            });
    users = node.users(Duration.ofMillis(50));
    cache = node.channelCache();
    held = node.heldEvents(metrics.held());
    statuses = node.statusStore(new Rules());
    node.commands()
        .submit(
            (pipeline, again) -> {
              sent.add(again);
              return pipeline.eval(again ? "return 1" : "while true do end");
            });
  }

  /** Until the node has given up the connection by which it has sent all. */
  private void startWhileRedisIsBusy() {
    node.start();
    Await.until("all is sent", () -> !sent.isEmpty());
    Await.until("the connection is given up", () -> node.commands().away());
    try (Jedis client = redis.connect()) {
      client.scriptKill();
    }
    Await.until("all is sent again", () -> sent.contains(true));
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
    listener.punsubscribe();
    subscriber.join(10_000);
    metrics.close();
    redis.close();
  }

  private static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** All that was published before. */
  private List<String> published() throws Exception {
    now(broker.publish(NEWS, Envelope.of("end".getBytes(StandardCharsets.UTF_8), null)));
    Await.until("all has come", () -> published.contains("end"));
    return published.subList(0, published.indexOf("end"));
  }

  @Test
  void aUserWhoComesGoesAndComesIsToldOfAsItWas() throws Exception {
    presence.join(ROOM, ONE, MEMBER, 0);
    presence.leave(ROOM, ONE, USER);
    CompletionStage<Presence.Snapshot> joined = presence.join(ROOM, ONE, MEMBER, 0);

    startWhileRedisIsBusy();

    assertThat(now(joined).members()).containsExactly(MEMBER);
    List<String> changes = published();
    assertThat(changes).hasSize(3);
    assertThat(changes.get(0)).contains("member_added");
    assertThat(changes.get(1)).contains("member_removed");
    assertThat(changes.get(2)).contains("member_added");
    assertThat(told).containsExactly("added 7", "removed 7", "added 7");
  }

  @Test
  void aUserWhoComesAndGoesIsToldOfAsItWas() throws Exception {
    presence.join(ROOM, ONE, MEMBER, 0);
    presence.leave(ROOM, ONE, USER);
    CompletionStage<Presence.Snapshot> now = presence.members(ROOM);

    startWhileRedisIsBusy();

    assertThat(now(now).members()).isEmpty();
    assertThat(published()).hasSize(2);
    assertThat(told).containsExactly("added 7", "removed 7");
  }

  @Test
  void whoSignsInOutAndInComesOnlineOnce() throws Exception {
    users.signedIn(ANN, ONE);
    users.signedOut(ANN, ONE);
    CompletionStage<Void> in = users.signedIn(ANN, ONE);

    startWhileRedisIsBusy();

    now(in);
    assertThat(now(users.statuses(List.of(ANN))).get(0).online()).isTrue();
    assertThat(published()).hasSize(1);
    assertThat(published.get(0)).contains("online");
  }

  @Test
  void aUserWhoHasGoneGoesOfflineOnce() throws Exception {
    users.signedIn(ANN, ONE);
    users.signedOut(ANN, ONE);

    startWhileRedisIsBusy();

    Await.until("the user is offline", () -> published.size() == 2);
    assertThat(published()).hasSize(2);
    assertThat(published.get(0)).contains("online");
    assertThat(published.get(1)).contains("offline");
  }

  @Test
  void whatIsHeldIsPublishedOnce() throws Exception {
    held.hold(INBOX, new HeldEvents.Event(NEWS, event("a"), null, Duration.ZERO));
    held.publish(INBOX, new HeldEvents.Event(NEWS, event("b"), null, Duration.ZERO));
    CompletionStage<Void> released = held.release(INBOX, Set.of(NEWS), Long.MAX_VALUE);
    held.hold(INBOX, new HeldEvents.Event(NEWS, event("c"), null, Duration.ofSeconds(60)));

    startWhileRedisIsBusy();

    now(released);
    now(held.release(INBOX, Set.of(NEWS), Long.MAX_VALUE));
    assertThat(published())
        .isEqualTo(
            Stream.of("a", "b", "c")
                .map(data -> new String(event(data).message(), StandardCharsets.UTF_8))
                .toList());
    assertThat(now(held.waiting(INBOX, Set.of(NEWS)))).isZero();
  }

  private static CachedEvent event(String data) {
    return CachedEvent.of(
        new ServerEvent.ChannelMessage(NEWS.channel(), "e", RawJson.string(data)));
  }

  @Test
  void anEventIsKeptAndPublishedOnce() throws Exception {
    CachedEvent event = event("x");
    CompletionStage<Boolean> missed = cache.missed(NEWS);
    CompletionStage<Void> accepted = cache.publish(NEWS, event, Duration.ofSeconds(60), null);

    startWhileRedisIsBusy();

    now(accepted);
    assertThat(now(missed)).isTrue();
    assertThat(published()).hasSize(1);
    CachedEvent kept = now(cache.last(NEWS)).event();
    assertThat(kept).isNotNull();
    assertThat(kept.message()).isEqualTo(event.message());
  }

  private final class Rules implements StatusStore.Listener {
    @Override
    public Optional<Change> due(Topic user) {
      return Optional.empty();
    }

    @Override
    public Optional<Change> died(Topic user, String deadNode) {
      return Optional.empty();
    }

    @Override
    public Optional<Change> back(Topic user, UserRecord known, boolean latest, Set<String> lives) {
      return Optional.empty();
    }

    @Override
    public void updated(Topic user, Changed changed) {
      told.add("updated " + changed.after().lastEntry());
    }
  }

  private static boolean waited(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Adds one to the number of the last entry, and tells it. */
  private static Changed counted(UserRecord before, Instant now) {
    long number = before == null ? 1 : before.lastEntry() + 1;
    UserStatus status =
        new UserStatus(
            "ann",
            Profile.UNKNOWN,
            Status.ONLINE,
            null,
            null,
            now,
            null,
            new TreeMap<>(),
            null,
            number);
    byte[] message = ("number " + number).getBytes(StandardCharsets.UTF_8);
    return new Changed(
        RunningNode.record(now, number),
        null,
        List.of(new Publication(ANN, Envelope.of(message, null))),
        new StatusUpdate(status, Status.OFFLINE, Cause.MANUAL));
  }

  @Test
  void aChangeOfAStatusIsMadeAndToldOnce() throws Exception {
    startWhileRedisIsBusy();
    now(statuses.change(ANN, (before, at) -> counted(before, at.now()), true));
    sent.clear();
    CountDownLatch allWait = new CountDownLatch(1);
    node.commands()
        .submit(
            (pipeline, again) -> {
              assertThat(waited(allWait)).isTrue(); // what comes meanwhile is sent together
              return pipeline.exists("x");
            });
    try (Jedis client = new Jedis(redis.address(), FOREVER)) {
      node.commands()
          .submit(
              (pipeline, again) -> {
                sent.add(again);
                return pipeline.eval(again ? "return 1" : "while true do end");
              });
      CompletionStage<Optional<UserRecord>> second =
          statuses.change(ANN, (before, at) -> counted(before, at.now()), true);
      CompletionStage<Optional<UserRecord>> third =
          statuses.change(ANN, (before, at) -> counted(before, at.now()), false);
      allWait.countDown();
      Await.until("the connection is given up", () -> node.commands().away());
      client.scriptKill();

      assertThat(now(second).orElseThrow().lastEntry()).isEqualTo(2);
      assertThat(now(third).orElseThrow().lastEntry()).isEqualTo(3);
    }
    assertThat(published()).containsExactly("number 1", "number 2", "number 3");
    assertThat(told).containsExactly("updated 1", "updated 2", "updated 3");
    assertThat(now(statuses.read(List.of(ANN))).records().get(0).orElseThrow().lastEntry())
        .isEqualTo(3);
  }
}
