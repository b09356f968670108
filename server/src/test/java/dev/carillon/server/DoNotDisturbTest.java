package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.protocol.status.Status;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.channel.Ports;
import dev.carillon.server.config.DndConfig;
import dev.carillon.server.config.DndMode;
import dev.carillon.server.config.StatusConfig;
import dev.carillon.server.held.HeldEvents;
import dev.carillon.server.held.Inbox;
import dev.carillon.server.status.Chosen;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestNode;
import dev.carillon.server.support.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What users are not sent while they do not want to be disturbed, and get afterwards. */
class DoNotDisturbTest {
  private static final String OWN = "private-App.Models.User.1";
  private static final String TO_USER = "#server-to-user-1";
  private static final String LARAVEL =
      "Illuminate\\Notifications\\Events\\BroadcastNotificationCreated";

  private TestNode node = node(DndConfig.defaults());

  private static TestNode node(DndConfig dnd) {
    return TestNode.with(TestServer.app().status(StatusConfig.defaults()).build(), dnd);
  }

  @AfterEach
  void close() {
    node.close();
  }

  private void quiet() {
    Chosen.now(node.statuses(), "1", Status.DND);
  }

  private void loud() {
    Chosen.now(node.statuses(), "1", Status.ONLINE);
  }

  private void notify(String channel, String data) {
    node.api().trigger(channel, "notification.new", data);
  }

  static List<String> next(TestClient client, int events) {
    List<String> data = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      JsonNode frame = client.expectEvent("notification.new");
      data.add(frame.path("data").asText());
    }
    return data;
  }

  /** As {@link #next}, where the client is also told of its user's status. */
  static List<String> notifications(TestClient client, int events) {
    List<String> data = new ArrayList<>();
    while (data.size() < events) {
      JsonNode frame = client.next();
      if (!frame.path("event").asText().equals("user.status.updated")) {
        data.add(frame.path("data").asText());
      }
    }
    return data;
  }

  @Test
  void whatIsHeldComesInItsOrderWhenItEnds() {
    try (TestClient ann = node.connect().join(OWN)) {
      quiet();
      notify(OWN, "a");
      node.api().trigger(OWN, LARAVEL, "b");
      notify(OWN, "c");
      ann.expectSilence();

      loud();
      notify(OWN, "d");

      assertThat(next(ann, 1)).containsExactly("a");
      assertThat(ann.expectEvent(LARAVEL).path("data").asText()).isEqualTo("b");
      assertThat(next(ann, 2)).containsExactly("c", "d");
      ann.expectSilence();
      assertThat(node.metrics())
          .contains("carillon_suppressed_events_total{app=\"3\",mode=\"hold\"} 3.0");
    }
  }

  @Test
  void whoIsSignedInGetsTheUsersEventsWhenItEnds() {
    try (TestClient ann = node.connect().signedInAs("1");
        TestClient phone = node.connect().signedInAs("1")) {
      quiet();
      notify(TO_USER, "a");
      notify(TO_USER, "b");
      ann.expectSilence();

      loud();

      assertThat(next(ann, 2)).containsExactly("a", "b");
      assertThat(next(phone, 2)).containsExactly("a", "b");
      ann.expectSilence();
      phone.expectSilence();
    }
  }

  @Test
  void whatIsHeldInBothOfAUsersChannelsComesInOneOrder() {
    try (TestClient ann = node.connect().signedInAs("1").join(OWN)) {
      quiet();
      for (int i = 0; i < 12; i++) {
        notify(i % 3 == 0 ? OWN : TO_USER, "" + i);
      }
      loud();

      assertThat(notifications(ann, 12))
          .isEqualTo(IntStream.range(0, 12).mapToObj(Integer::toString).toList());
    }
  }

  @Test
  void ofBothChannelsTheHundredThatCameLastAreHeld() {
    quiet();
    for (int i = 0; i < 104; i++) {
      notify(i % 2 == 0 ? OWN : TO_USER, "" + i);
    }
    loud();

    try (TestClient ann = node.connect().join(OWN)) {
      assertThat(next(ann, 50)).startsWith("4", "6").endsWith("102");
      ann.signedInAs("1");
      assertThat(notifications(ann, 50)).startsWith("5", "7").endsWith("103");
    }
  }

  /** Releases what it is asked to when it is let. */
  private record HeldUp(
      HeldEvents held, CompletableFuture<Void> asked, CompletableFuture<Void> letGo)
      implements HeldEvents {
    @Override
    public CompletionStage<Void> hold(Inbox inbox, Event event) {
      return held.hold(inbox, event);
    }

    @Override
    public CompletionStage<Boolean> publish(Inbox inbox, Event event) {
      return held.publish(inbox, event);
    }

    @Override
    public CompletionStage<Long> waiting(Inbox inbox, Set<Topic> of) {
      return held.waiting(inbox, of);
    }

    @Override
    public CompletionStage<Void> release(Inbox inbox, Set<Topic> of, long mark) {
      asked.complete(null);
      return letGo.thenCompose(now -> held.release(inbox, of, mark));
    }
  }

  private void restart(CompletableFuture<Void> asked, CompletableFuture<Void> letGo) {
    node.close();
    node =
        TestNode.with(
            TestServer.app().status(StatusConfig.defaults()).build(),
            ports ->
                new Ports(
                    ports.broker(),
                    ports.presence(),
                    ports.occupancy(),
                    ports.cache(),
                    ports.users(),
                    ports.quota(),
                    ports.directory(),
                    ports.statuses(),
                    new HeldUp(ports.held(), asked, letGo)));
  }

  @Test
  void whatIsHeldAnewWhileAReleaseIsOnItsWayGoesOnWaiting() throws Exception {
    CompletableFuture<Void> asked = new CompletableFuture<>();
    CompletableFuture<Void> letGo = new CompletableFuture<>();
    restart(asked, letGo);
    try (TestClient ann = node.connect().join(OWN)) {
      quiet();
      notify(OWN, "before");
      loud();
      asked.get(10, TimeUnit.SECONDS);
      quiet();
      notify(OWN, "anew");

      letGo.complete(null);

      assertThat(next(ann, 1)).containsExactly("before");
      ann.expectSilence();
      loud();
      assertThat(next(ann, 1)).containsExactly("anew");
    }
  }

  @Test
  void theNextSubscriberGetsWhatNobodyGotAndNobodyElseDoes() {
    quiet();
    notify(OWN, "a");
    notify(OWN, "b");
    loud();
    notify(OWN, "c");

    try (TestClient ann = node.connect().join(OWN)) {
      assertThat(next(ann, 3)).containsExactly("a", "b", "c");
      try (TestClient late = node.connect().join(OWN)) {
        late.expectSilence();
      }
      ann.expectSilence();
    }
  }

  @Test
  void whoSignsInNextGetsWhatNobodyGot() {
    quiet();
    notify(TO_USER, "a");
    try (TestClient ann = node.connect()) {
      loud();
      ann.signedInAs("1");

      assertThat(next(ann, 1)).containsExactly("a");
      ann.expectSilence();
    }
  }

  /** A member of a presence channel is reached as the user, but gets no messages of the user. */
  @Test
  void whoIsOnlyInAPresenceChannelIsNobodyToDeliverTo() {
    try (TestClient member = node.connect()) {
      member.joinAs("presence-a", "{\"user_id\":\"1\"}");
      quiet();
      notify(TO_USER, "a");
      loud();

      try (TestClient ann = node.connect().signedInAs("1")) {
        assertThat(next(ann, 1)).containsExactly("a");
      }
    }
  }

  @Test
  void whoSubscribesBeforeItEndsWaits() {
    quiet();
    notify(OWN, "a");
    try (TestClient ann = node.connect().join(OWN)) {
      ann.expectSilence();

      loud();

      assertThat(next(ann, 1)).containsExactly("a");
    }
  }

  @Test
  void itEndsByItself() {
    try (TestClient ann = node.connect().join(OWN)) {
      Chosen.until(node.statuses(), "1", Status.DND, Duration.ofMillis(500));
      notify(OWN, "a");

      assertThat(next(ann, 1)).containsExactly("a");

      Chosen.scheduled(node.statuses(), "1", Status.DND, Duration.ofMillis(500));
      notify(OWN, "b");

      assertThat(next(ann, 1)).containsExactly("b");
      assertThat(node.metrics())
          .contains("carillon_suppressed_events_total{app=\"3\",mode=\"hold\"} 2.0");
    }
  }

  @Test
  void onlyWhatWouldDisturbIsHeld() {
    try (TestClient ann = node.connect().join(OWN).join("private-App.Models.User.2")) {
      quiet();
      node.api().trigger(OWN, "order.shipped", "1");
      node.api().trigger(OWN, "a.notification.new", "2");
      notify("private-App.Models.User.2", "3");

      assertThat(ann.next().path("data").asText()).isEqualTo("1");
      assertThat(ann.next().path("data").asText()).isEqualTo("2");
      assertThat(ann.next().path("data").asText()).isEqualTo("3");
    }
  }

  @Test
  void whoIsLeftOutStaysLeftOut() {
    try (TestClient ann = node.connect().join(OWN);
        TestClient phone = node.connect().join(OWN)) {
      quiet();
      node.api()
          .trigger(
              "{\"name\":\"notification.new\",\"channel\":\""
                  + OWN
                  + "\",\"data\":\"a\",\"socket_id\":\""
                  + ann.socketId().value()
                  + "\"}");
      loud();

      assertThat(next(phone, 1)).containsExactly("a");
      ann.expectSilence();
    }
  }

  @Test
  void beyondAHundredTheOldestGoes() {
    quiet();
    for (int i = 1; i <= 102; i++) {
      notify(OWN, "" + i);
    }
    loud();

    try (TestClient ann = node.connect().join(OWN)) {
      assertThat(next(ann, 100))
          .isEqualTo(IntStream.rangeClosed(3, 102).mapToObj(Integer::toString).toList());
      ann.expectSilence();
      assertThat(node.metrics()).contains("carillon_held_lost_total{limit=\"user\"} 2.0");
    }
  }

  @Test
  void whatIsDroppedIsGone() {
    node.close();
    node = node(new DndConfig(DndMode.DROP, List.of("notif*new")));
    try (TestClient ann = node.connect().join(OWN)) {
      quiet();
      notify(OWN, "a");
      assertThat(
              node.api()
                  .trigger(
                      "{\"name\":\"notif:new\",\"channel\":\""
                          + OWN
                          + "\",\"data\":\"b\",\"info\":\"suppressed\"}")
                  .body())
          .contains("{\"suppressed\":true}");
      loud();
      notify(OWN, "c");

      assertThat(next(ann, 1)).containsExactly("c");
      ann.expectSilence();
      assertThat(node.metrics())
          .contains("carillon_suppressed_events_total{app=\"3\",mode=\"drop\"} 2.0");
    }
  }

  @Test
  void aCacheChannelKeepsWhatIsHeldWhenItIsDelivered() {
    node.close();
    node =
        TestNode.with(
            TestServer.app()
                .status(new StatusConfig(true, true, false, false, "private-cache-user-{id}"))
                .build(),
            DndConfig.defaults());
    String own = "private-cache-user-1";
    notify(own, "before");
    quiet();
    notify(own, "held");
    try (TestClient ann = node.connect().join(own)) {
      assertThat(next(ann, 1)).containsExactly("before");
      ann.expectSilence();

      loud();

      assertThat(next(ann, 1)).containsExactly("held");
      try (TestClient late = node.connect().join(own)) {
        assertThat(next(late, 1)).containsExactly("held");
        late.expectSilence();
      }
    }
  }

  @Test
  void usersWithoutAStatusAreDisturbed() {
    node.close();
    node = TestNode.with(TestServer.app().build(), DndConfig.defaults());
    quiet();
    try (TestClient ann = node.connect().join(OWN)) {
      notify(OWN, "a");
      assertThat(next(ann, 1)).containsExactly("a");
    }
  }

  /** The user changes to and fro, and subscribes anew, while events come one after the other. */
  @Test
  void nothingIsLostOrTwiceHoweverOftenItBeginsAndEnds() throws Exception {
    int events = 300;
    AtomicBoolean over = new AtomicBoolean();
    try (TestClient ann = node.connect().join(OWN)) {
      CompletableFuture<Void> changing =
          CompletableFuture.runAsync(
              () -> {
                while (!over.get()) {
                  quiet();
                  loud();
                }
              });
      for (int i = 0; i < events; i++) {
        notify(OWN, "" + i);
      }
      over.set(true);
      changing.get(10, TimeUnit.SECONDS);

      assertThat(next(ann, events))
          .isEqualTo(IntStream.range(0, events).mapToObj(Integer::toString).toList());
      ann.expectSilence();
    }
  }
}
