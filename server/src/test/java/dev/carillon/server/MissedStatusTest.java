package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.Profile;
import dev.carillon.protocol.status.Status;
import dev.carillon.protocol.status.UserStatus;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.channel.Ports;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.config.StatusConfig;
import dev.carillon.server.status.StatusStore;
import dev.carillon.server.status.UserRecord;
import dev.carillon.server.support.Losses;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestNode;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisServer;
import dev.carillon.server.support.redis.TcpProxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What those who watch users are told when they may have missed how these are. */
@Timeout(60)
class MissedStatusTest {
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Losses losses = new Losses();
  private final BlockingQueue<Runnable> reads = new LinkedBlockingQueue<>();
  private volatile boolean slow;
  private volatile boolean failing;

  /** Records that are read when the test wants it, if it wants that. */
  private final class Slow implements StatusStore {
    private final StatusStore local;

    Slow(StatusStore local) {
      this.local = local;
    }

    @Override
    public CompletionStage<Optional<UserRecord>> change(
        Topic user, Change change, boolean lasting) {
      return local.change(user, change, lasting);
    }

    @Override
    public CompletionStage<Read> read(List<Topic> users) {
      if (failing) {
        return CompletableFuture.failedStage(new UnavailableException("Away"));
      }
      if (!slow) {
        return local.read(users);
      }
      CompletableFuture<Void> wanted = new CompletableFuture<>();
      reads.add(() -> wanted.complete(null));
      return wanted.thenCompose(none -> local.read(users));
    }
  }

  private Ports slowly(Ports local) {
    return new Ports(
        local.broker(),
        local.presence(),
        local.occupancy(),
        local.cache(),
        local.users(),
        local.quota(),
        local.directory(),
        new Slow(local.statuses()),
        local.held());
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T opened(T one) {
    open.add(one);
    return one;
  }

  /** A node that loses what it publishes when the test wants it. */
  private TestNode node() {
    return opened(
        TestNode.with(
            TestServer.app().status(StatusConfig.defaults()).build(), losses::of, this::slowly));
  }

  private TestClient client(TestNode node, String user, String... watchlist) {
    return opened(node.connect()).signedInAs(user, watchlist);
  }

  /** Ben's, who knows that Zoe is online. */
  private TestClient benWatchesZoe(TestNode node) {
    TestClient ben = client(node, "ben", "zoe");
    assertThat(told(ben)).containsExactly("offline zoe");
    client(node, "zoe");
    assertThat(told(ben)).containsExactly("online zoe");
    return ben;
  }

  private static void set(TestNode node, String user, String status) {
    assertThat(
            node.api()
                .post("/users/" + user + "/status", "{\"status\":\"" + status + "\"}")
                .statusCode())
        .isEqualTo(200);
  }

  private static void gap(TestNode node, String... users) {
    node.hubs()
        .onGap(Stream.of(users).map(user -> Topic.ofStatus("3", new UserId(user, false))).toList());
  }

  /** What the next frame tells a watcher. */
  private static List<String> told(TestClient watcher) {
    JsonNode frame = watcher.expectEvent("pusher_internal:watchlist_events");
    List<String> told = new ArrayList<>();
    for (JsonNode event : TestClient.json(frame.path("data").asText()).path("events")) {
      String name = event.path("name").asText();
      String status =
          name.equals("status")
              ? " " + event.path("status").asText() + " " + event.path("version").asInt()
              : "";
      event.path("user_ids").forEach(user -> told.add(name + " " + user.asText() + status));
    }
    return told;
  }

  @Test
  void whoWatchesOverANodeThatWasCutOffIsToldInOneFrame() {
    RedisServer redis = opened(RedisServer.start());
    TcpProxy network = opened(TcpProxy.to(redis));
    ScalingConfig scaling = OnRedis.at(redis.port(), Duration.ofSeconds(2));
    ScalingConfig through = OnRedis.at(network.port(), Duration.ofSeconds(2));
    TestNode a = opened(TestNode.of(scaling));
    TestNode b =
        opened(
            TestNode.of(
                through.toBuilder()
                    .redis(through.redis().toBuilder().prefix(scaling.redis().prefix()).build())
                    .build()));
    TestClient ben = client(b, "ben", "zoe", "leo", "kim");
    assertThat(told(ben)).containsExactly("offline zoe", "offline leo", "offline kim");
    for (String user : List.of("zoe", "leo")) {
      client(a, user);
      assertThat(told(ben)).containsExactly("online " + user);
      set(a, user, "away");
      assertThat(told(ben)).containsExactly("status " + user + " away 1");
    }
    network.cut();
    set(a, "zoe", "busy");
    set(a, "leo", "invisible");
    client(a, "kim");
    set(a, "kim", "busy");
    network.heal();

    assertThat(told(ben))
        .contains("online kim")
        .filteredOn(event -> event.startsWith("status"))
        .containsExactlyInAnyOrder(
            "status zoe busy 2", "status leo offline 2", "status kim busy 1");
    set(a, "zoe", "dnd");
    assertThat(told(ben)).containsExactly("status zoe dnd 3");
    ben.expectSilence();
  }

  @Test
  void whatWasMissedIsToldOnce() {
    TestNode node = node();
    TestClient ben = client(node, "ben", "zoe", "leo");
    told(ben);
    losses.begin();
    TestClient zoe = client(node, "zoe");
    client(node, "leo");
    set(node, "zoe", "away");
    set(node, "zoe", "busy");
    set(node, "leo", "dnd");
    losses.end();

    gap(node, "zoe", "leo", "ben");
    gap(node, "zoe", "leo", "ben");

    assertThat(told(ben))
        .containsExactlyInAnyOrder(
            "online zoe", "online leo", "status zoe busy 2", "status leo dnd 1");
    ben.expectSilence();
    zoe.expectSilence();
    set(node, "zoe", "away");
    assertThat(told(ben)).containsExactly("status zoe away 3");
    ben.expectSilence();
  }

  @Test
  void whoHasMissedNothingIsToldNothing() {
    TestNode node = node();
    TestClient ben = benWatchesZoe(node);
    set(node, "zoe", "busy");
    assertThat(told(ben)).containsExactly("status zoe busy 1");

    gap(node, "zoe");
    gap(node, "zoe");

    ben.expectSilence();
  }

  @Test
  void whatComesDuringTheReadIsNotToldAgain() throws Exception {
    TestNode node = node();
    TestClient ben = benWatchesZoe(node);
    losses.begin();
    set(node, "zoe", "away");
    losses.end();
    slow = true;
    gap(node, "zoe");
    Runnable read = reads.poll(10, TimeUnit.SECONDS);
    assertThat(read).isNotNull();
    set(node, "zoe", "busy");
    ben.expectSilence();
    read.run();

    assertThat(told(ben)).containsExactly("status zoe busy 2");
    ben.expectSilence();
  }

  @Test
  void whatComesLateIsNotToldAgainUnlessTheUserWasForgotten() {
    TestNode node = node();
    TestClient ben = benWatchesZoe(node);
    losses.begin();
    set(node, "zoe", "away");
    set(node, "zoe", "busy");
    losses.end();
    gap(node, "zoe");
    assertThat(told(ben)).containsExactly("status zoe busy 2");

    comes(node, 2);
    ben.expectSilence();
    for (int version = 1; version <= 2; version++) {
      comes(node, version);
      assertThat(told(ben)).containsExactly("status zoe dnd " + version);
    }
  }

  private static void comes(TestNode node, long version) {
    UserStatus zoe =
        new UserStatus(
            "zoe",
            Profile.UNKNOWN,
            Status.DND,
            null,
            null,
            Instant.EPOCH,
            null,
            new TreeMap<>(),
            null,
            version);
    node.hubs()
        .onMessage(
            Topic.ofStatus("3", new UserId("zoe", false)),
            Envelope.status(new ServerEvent.WatchlistStatus(zoe).toBytes(), null, version));
  }

  @Test
  void aReadThatFailsIsMadeAgain() {
    TestNode node = node();
    TestClient ben = benWatchesZoe(node);
    losses.begin();
    set(node, "zoe", "away");
    losses.end();
    failing = true;
    gap(node, "zoe");
    ben.expectSilence();
    failing = false;

    assertThat(told(ben)).containsExactly("status zoe away 1");
    ben.expectSilence();
  }
}
