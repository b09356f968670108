package dev.carillon.server;

import static dev.carillon.server.DoNotDisturbTest.next;
import static dev.carillon.server.DoNotDisturbTest.notifications;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.protocol.status.Status;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.status.Chosen;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestNode;
import dev.carillon.server.support.redis.OnRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is held is one for all nodes, on a real Redis. */
class DoNotDisturbNodesTest {
  private static final String OWN = "private-App.Models.User.1";
  private static final String TO_USER = "#server-to-user-1";

  private final ScalingConfig cluster = cluster();
  private final List<TestNode> nodes = new ArrayList<>();

  /** One that no other test has. */
  ScalingConfig cluster() {
    return OnRedis.fresh();
  }

  @BeforeEach
  void start() {
    for (int i = 0; i < 3; i++) {
      nodes.add(TestNode.of(cluster));
    }
  }

  @AfterEach
  void stop() {
    nodes.forEach(TestNode::close);
    nodes.clear();
  }

  private TestNode node(int number) {
    return nodes.get(number % nodes.size());
  }

  private void quiet(int node) {
    Chosen.now(node(node).statuses(), "1", Status.DND);
  }

  private void loud(int node) {
    Chosen.now(node(node).statuses(), "1", Status.ONLINE);
  }

  private void notify(int node, String channel, String data) {
    node(node).api().trigger(channel, "notification.new", data);
  }

  private static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  @Test
  void whatOneNodeHoldsIsDeliveredByAllInOrder() {
    try (TestClient ann = node(1).connect().join(OWN);
        TestClient phone = node(2).connect().join(OWN)) {
      quiet(0);
      for (int i = 0; i < 9; i++) {
        notify(i, OWN, "" + i);
      }
      ann.expectSilence();

      loud(2);
      notify(0, OWN, "9");

      assertThat(next(ann, 10)).isEqualTo(numbers(10));
      assertThat(next(phone, 10)).isEqualTo(numbers(10));
      ann.expectSilence();
      phone.expectSilence();
    }
  }

  @Test
  void whoSignsInOnAnotherNodeGetsWhatNobodyGot() {
    quiet(0);
    notify(0, TO_USER, "a");
    notify(1, TO_USER, "b");
    loud(1);

    try (TestClient ann = node(2).connect().signedInAs("1")) {
      assertThat(next(ann, 2)).containsExactly("a", "b");
      try (TestClient late = node(1).connect().signedInAs("1")) {
        late.expectSilence();
      }
      ann.expectSilence();
    }
  }

  @Test
  void itEndsByItselfOnWhateverNode() {
    try (TestClient ann = node(1).connect().join(OWN)) {
      Chosen.until(node(0).statuses(), "1", Status.DND, Duration.ofSeconds(1));
      notify(2, OWN, "a");

      assertThat(next(ann, 1)).containsExactly("a");
      assertThat(node(2).metrics())
          .contains("carillon_suppressed_events_total{app=\"3\",mode=\"hold\"} 1.0");
    }
  }

  @Test
  void whatIsHeldSurvivesTheRestartOfAllNodes() {
    quiet(0);
    notify(0, OWN, "a");
    notify(1, OWN, "b");
    stop();
    start();

    try (TestClient ann = node(0).connect().join(OWN)) {
      notify(1, OWN, "c");
      ann.expectSilence();
      loud(1);

      assertThat(next(ann, 3)).containsExactly("a", "b", "c");
    }
  }

  /** Who subscribe at the same moment get all of it or nothing, and one of them does. */
  @Test
  void ofThoseWhoComeAtOnceOnSeveralNodesSomeGetAllOfItOnce() throws Exception {
    for (int round = 0; round < 10; round++) {
      quiet(0);
      notify(0, OWN, "0");
      notify(1, OWN, "1");
      loud(0);
      List<TestClient> clients = nodes.stream().map(TestNode::connect).toList();
      clients.forEach(client -> client.subscribeSigned(OWN, null));
      int got = 0;
      for (TestClient client : clients) {
        client.expectEvent("pusher_internal:subscription_succeeded");
      }
      notify(0, OWN, "end");
      for (TestClient client : clients) {
        List<String> data = new ArrayList<>(next(client, 1));
        while (!data.contains("end")) {
          data.addAll(next(client, 1));
        }
        assertThat(data).isIn(List.of("end"), List.of("0", "1", "end"));
        got += data.size() == 3 ? 1 : 0;
        client.close();
      }
      assertThat(got).isPositive();
    }
  }

  /** The user changes to and fro on two nodes, while events come on three. */
  @Test
  void nothingIsLostOrTwiceHoweverOftenItBeginsAndEnds() throws Exception {
    int events = 300;
    AtomicBoolean over = new AtomicBoolean();
    try (TestClient ann = node(1).connect().join(OWN);
        TestClient phone = node(2).connect().join(OWN)) {
      CompletableFuture<Void> changing =
          CompletableFuture.runAsync(
              () -> {
                while (!over.get()) {
                  quiet(0);
                  loud(1);
                }
              });
      for (int i = 0; i < events; i++) {
        notify(i, OWN, "" + i);
      }
      over.set(true);
      changing.get(20, TimeUnit.SECONDS);

      assertThat(next(ann, events)).isEqualTo(numbers(events));
      assertThat(next(phone, events)).isEqualTo(numbers(events));
      ann.expectSilence();
    }
  }

  @Test
  void whatNodesHoldInBothOfAUsersChannelsComesInOneOrder() {
    try (TestClient ann = node(1).connect().signedInAs("1").join(OWN)) {
      quiet(0);
      for (int i = 0; i < 12; i++) {
        notify(i, i % 3 == 0 ? OWN : TO_USER, "" + i);
      }
      loud(0);

      assertThat(notifications(ann, 12)).isEqualTo(numbers(12));
    }
  }

  /**
   * It ends and begins again at once, while clients come on all nodes, of which each would release
   * what was held before: what is held since is not theirs to release.
   */
  @Test
  void whatIsHeldAnewIsNotDeliveredByWhoReleasesWhatWasHeldBefore() {
    long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
    for (int round = 0; round < 300 && System.nanoTime() < end; round++) {
      quiet(round);
      notify(round, OWN, "before");
      List<TestClient> clients = nodes.stream().map(TestNode::connect).toList();
      loud(round);
      clients.forEach(client -> client.subscribeSigned(OWN, null));
      quiet(round + 1);
      notify(round + 1, OWN, "anew");
      clients.forEach(client -> client.expectEvent("pusher_internal:subscription_succeeded"));
      for (int node = 0; node < nodes.size(); node++) {
        node(node).api().trigger(OWN, "marker", "" + node);
      }
      List<List<String>> got = clients.stream().map(this::untilLastMarker).toList();
      assertThat(got).as("round " + round).isSubsetOf(List.of(), List.of("before"));

      loud(round + 1);
      for (int i = 0; i < clients.size(); i++) {
        List<String> all = new ArrayList<>(got.get(i));
        while (!all.contains("anew")) {
          all.addAll(next(clients.get(i), 1));
        }
        assertThat(all).as("round " + round).isIn(List.of("anew"), List.of("before", "anew"));
        clients.get(i).close();
      }
    }
  }

  private List<String> untilLastMarker(TestClient client) {
    List<String> data = new ArrayList<>();
    for (int markers = 0; markers < nodes.size(); ) {
      JsonNode frame = client.next();
      if (frame.path("event").asText().equals("marker")) {
        markers++;
      } else {
        data.add(frame.path("data").asText());
      }
    }
    return data;
  }

  /** The user comes and goes on one node, while what is held may come at any moment from others. */
  @Test
  void whoComesWhileItEndsMissesNothing() {
    List<String> got = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      int number = round;
      quiet(number);
      notify(number + 1, OWN, "" + number);
      try (TestClient ann = node(2).connect()) {
        CompletableFuture<Void> ending = CompletableFuture.runAsync(() -> loud(number));
        ann.join(OWN);
        got.addAll(next(ann, 1));
        ending.join();
        ann.expectSilence();
      }
      Await.until("nobody is there", this::nobodyIsThere);
    }
    assertThat(got).isEqualTo(numbers(20));
  }

  private boolean nobodyIsThere() {
    return node(2).api().get("/channels/" + OWN).body().contains("\"occupied\":false");
  }
}
