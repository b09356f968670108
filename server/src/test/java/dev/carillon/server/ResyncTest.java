package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.MemberStatus;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.channel.Ports;
import dev.carillon.server.presence.Presence;
import dev.carillon.server.support.Losses;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestNode;
import dev.carillon.server.support.TestServer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker that loses some of what is published, and says so afterwards. */
class ResyncTest {
  private static final String ROOM = "presence-room";
  private static final String SUCCEEDED = "pusher_internal:subscription_succeeded";
  private static final String ADDED = "pusher_internal:member_added";
  private static final String WATCHED = "pusher_internal:watchlist_events";

  private final Losses losses = new Losses();
  private final BlockingQueue<Runnable> reads = new LinkedBlockingQueue<>();
  private final Queue<TestClient> clients = new ArrayDeque<>();
  private final TestNode node = TestNode.with(TestServer.app().build(), losses::of, this::slowly);
  private volatile boolean slow;
  private volatile boolean failing;

  /** Members that are read when the test wants it, if it wants that. */
  private final class Slow implements Presence {
    private final Presence local;

    Slow(Presence local) {
      this.local = local;
    }

    @Override
    public CompletionStage<Snapshot> join(
        Topic topic, SocketId socket, Member member, int maxMembers) {
      CompletionStage<Snapshot> joined = local.join(topic, socket, member, maxMembers);
      return slow ? later(joined) : joined;
    }

    @Override
    public void leave(Topic topic, SocketId socket, UserId user) {
      local.leave(topic, socket, user);
    }

    @Override
    public void update(Topic topic, UserId user, MemberStatus status) {
      local.update(topic, user, status);
    }

    @Override
    public CompletionStage<Snapshot> members(Topic topic) {
      CompletionStage<Snapshot> read =
          failing
              ? CompletableFuture.failedStage(new UnavailableException("Away"))
              : local.members(topic);
      return slow ? later(read) : read;
    }

    private <T> CompletionStage<T> later(CompletionStage<T> stage) {
      CompletableFuture<Void> wanted = new CompletableFuture<>();
      reads.add(() -> wanted.complete(null));
      return wanted.thenCompose(none -> stage);
    }
  }

  private Ports slowly(Ports local) {
    return new Ports(
        local.broker(),
        new Slow(local.presence()),
        local.occupancy(),
        local.cache(),
        local.users(),
        local.quota(),
        local.directory(),
        local.statuses(),
        local.held());
  }

  @AfterEach
  void close() {
    clients.forEach(TestClient::close);
    node.close();
  }

  private TestClient connect() {
    TestClient client = node.connect();
    clients.add(client);
    return client;
  }

  private TestClient join(String user) {
    TestClient client = connect();
    client.joinAs(ROOM, data(user));
    return client;
  }

  private static String data(String user) {
    return "{\"user_id\":\"" + user + "\"}";
  }

  private void gap(String channel) {
    node.hubs().onGap(List.of(new Topic("3", ChannelName.of(channel))));
  }

  private void answer() throws InterruptedException {
    Runnable read = reads.poll(10, TimeUnit.SECONDS);
    assertThat(read).as("a read").isNotNull();
    read.run();
  }

  private static void expectMembers(TestClient client, String... users) {
    JsonNode list = TestClient.json(client.expectEvent(SUCCEEDED).path("data").asText());
    assertThat(list.path("presence").path("ids"))
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrder(users);
  }

  @Test
  void aChangeThatCameDoesNotHideOneThatWasLostBeforeIt() {
    TestClient ann = join("ann");
    losses.begin();
    join("ben");
    losses.end();
    join("cid");
    ann.expectEvent(ADDED);

    gap(ROOM);

    expectMembers(ann, "ann", "ben", "cid");
    ann.expectSilence();
  }

  @Test
  void whoMissedAMemberGetsTheListOnceAndWhatComesAfterIt() {
    TestClient ann = join("ann");
    losses.begin();
    TestClient ben = join("ben");
    losses.end();

    gap(ROOM);

    expectMembers(ann, "ann", "ben");
    ann.expectSilence();
    expectMembers(ben, "ann", "ben"); // what a client knows is not known here
    ben.expectSilence();
    join("cid");
    ann.expectEvent(ADDED);
    ben.expectEvent(ADDED);
    ann.expectSilence();
    ben.expectSilence();
  }

  @ParameterizedTest
  @ValueSource(strings = {"news", "cache-a", "presence-nobody"})
  void nothingIsToldWhenNothingWasMissed(String channel) {
    TestClient ann = join("ann");
    TestClient ben = join("ben");
    ann.expectEvent(ADDED);
    if (!channel.startsWith("presence-")) {
      ann.join(channel);
      if (channel.startsWith("cache-")) {
        ann.expectEvent("pusher:cache_miss");
        node.api().trigger(channel, "e", "1");
        ann.expectEvent("e");
      }
    }

    for (int i = 0; i < 3; i++) {
      gap(channel);
    }

    ann.expectSilence();
    ben.expectSilence();
    node.api().trigger(channel.equals("presence-nobody") ? ROOM : channel, "e", "2");
    ann.expectEvent("e");
  }

  @Test
  void whatComesDuringTheReadIsHeldBackAndToldInOrder() throws Exception {
    TestClient ann = join("ann");
    losses.begin();
    join("ben");
    losses.end();
    slow = true;
    gap(ROOM);
    Runnable read = reads.poll(10, TimeUnit.SECONDS);
    slow = false;
    node.api().trigger(ROOM, "during", "1");
    join("cid");
    ann.expectSilence();
    assertThat(read).isNotNull();
    read.run();

    expectMembers(ann, "ann", "ben");
    ann.expectEvent("during");
    ann.expectEvent(ADDED);
    ann.expectSilence();
  }

  @Test
  void gapsDuringTheReadAreFilledByOneMore() throws Exception {
    TestClient ann = join("ann");
    losses.begin();
    join("ben");
    losses.end();
    slow = true;
    gap(ROOM);
    Runnable first = reads.poll(10, TimeUnit.SECONDS);
    slow = false;
    losses.begin();
    join("cid");
    losses.end();
    slow = true;
    gap(ROOM);
    gap(ROOM);
    slow = false;
    join("dan"); // numbers after the second gap do not hide it
    slow = true;
    assertThat(first).isNotNull();
    first.run();
    expectMembers(ann, "ann", "ben");
    ann.expectEvent(ADDED);
    answer();

    expectMembers(ann, "ann", "ben", "cid", "dan");
    ann.expectSilence();
    assertThat(reads).isEmpty();
  }

  @Test
  void whoReadBeforeTheGapAndIsAcknowledgedAfterItGetsTheListToo() throws Exception {
    join("ann");
    slow = true;
    TestClient ben = connect();
    ben.subscribeSigned(ROOM, data("ben"));
    Runnable joined = reads.poll(10, TimeUnit.SECONDS);
    slow = false;
    losses.begin();
    join("cid");
    losses.end();
    gap(ROOM);
    ben.expectSilence();
    assertThat(joined).isNotNull();
    joined.run();

    expectMembers(ben, "ann", "ben");
    expectMembers(ben, "ann", "ben", "cid");
    ben.expectSilence();
  }

  @Test
  void whoeverHoldsBackMaySpeakAndLeave() throws Exception {
    TestClient ann = join("ann");
    TestClient ben = join("ben");
    ann.expectEvent(ADDED);
    slow = true;
    gap(ROOM);
    Runnable read = reads.poll(10, TimeUnit.SECONDS);
    ben.send("{\"event\":\"client-e\",\"channel\":\"" + ROOM + "\",\"data\":{}}").expectSilence();
    ben.unsubscribe(ROOM).expectSilence();
    assertThat(read).isNotNull();
    read.run();

    expectMembers(ann, "ann", "ben");
    ann.expectEvent("client-e");
    ann.expectEvent("pusher_internal:member_removed");
    ben.expectSilence();
    slow = false;
    assertThat(node.api().get("/channels/" + ROOM + "/users").body())
        .isEqualTo("{\"users\":[{\"id\":\"ann\"}]}");
  }

  @Test
  void aReadThatFailsHoldsNobodyBackAndTheNextMakesUpForIt() {
    TestClient ann = join("ann");
    losses.begin();
    join("ben");
    losses.end();
    failing = true;
    gap(ROOM);
    ann.expectSilence();
    join("cid");
    ann.expectEvent(ADDED);
    failing = false;

    gap(ROOM);

    expectMembers(ann, "ann", "ben", "cid");
    ann.expectSilence();
  }

  @Test
  void whoMissedAKeptEventGetsItOnce() {
    TestClient ann = connect().join("cache-a");
    ann.expectEvent("pusher:cache_miss");
    losses.begin();
    node.api().trigger("cache-a", "lost", "1");
    node.api().trigger("cache-a", "kept", "2");
    losses.end();

    gap("cache-a");
    gap("cache-a");

    ann.expectEvent("kept");
    ann.expectSilence();
    node.api().trigger("cache-a", "next", "3");
    ann.expectEvent("next");
    ann.expectSilence();
  }

  @Test
  void whoMissedACountIsToldItOnce() {
    try (TestNode counting =
            TestNode.with(
                TestServer.app().subscriptionCount(true).build(), losses::of, local -> local);
        TestClient ann = counting.connect().join("news");
        TestClient ben = counting.connect()) {
      ann.expectEvent("pusher_internal:subscription_count");
      losses.begin();
      ben.join("news");
      losses.end();

      counting.hubs().onGap(List.of(new Topic("3", ChannelName.of("news"))));

      for (TestClient client : List.of(ann, ben)) {
        assertThat(client.expectEvent("pusher_internal:subscription_count").path("data").asText())
            .isEqualTo("{\"subscription_count\":2}");
        client.expectSilence();
      }
    }
  }

  @Test
  void whoWatchesAUserIsToldWhatWasMissed() {
    TestClient ann = connect().signedInAs("ann", "ben");
    ann.expectEvent(WATCHED);
    losses.begin();
    TestClient ben = connect().signedInAs("ben");
    losses.end();
    Topic status = Topic.ofStatus("3", new UserId("ben", false));

    node.hubs().onGap(List.of(status));
    node.hubs().onGap(List.of(status));

    assertThat(ann.expectEvent(WATCHED).path("data").asText()).contains("online", "ben");
    ann.expectSilence();
    ben.expectSilence();
  }

  @Test
  void aThousandGapsDisturbNobody() {
    TestClient ann = join("ann");
    for (int i = 0; i < 1000; i++) {
      gap(ROOM);
      if (i % 100 == 0) {
        node.api().trigger(ROOM, "e" + i, "1");
      }
    }
    for (int i = 0; i < 1000; i += 100) {
      JsonNode frame = ann.next();
      while (frame.path("event").asText().equals(SUCCEEDED)) {
        frame = ann.next();
      }
      assertThat(frame.path("event").asText()).isEqualTo("e" + i);
    }
  }
}
