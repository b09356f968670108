package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.support.SingleNode;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Conformance case 49, and what else may go wrong between event loops. */
class ConcurrencyTest {
  private static final String ROOM = "presence-a";
  private static final String SUCCEEDED = "pusher_internal:subscription_succeeded";

  /** Case 49: 1000 joins while events are published and others come and go. */
  @Test
  void noFrameOfAChannelComesBeforeItsAcknowledgement() throws Exception {
    try (TestServer server = loops(4);
        TestClient joiner = server.connect();
        TestClient visitor = server.connect()) {
      AtomicBoolean over = new AtomicBoolean();
      ExecutorService threads = Executors.newFixedThreadPool(2);
      Future<?> publishing = threads.submit(() -> publish(server, over));
      Future<?> visiting = threads.submit(() -> visit(visitor, over));

      for (int i = 0; i < 1000; i++) {
        joiner.subscribeSigned(ROOM, "{\"user_id\":\"joiner\"}");
        JsonNode first = joiner.expectEvent(SUCCEEDED);
        assertThat(first.path("channel").asText()).isEqualTo(ROOM);
        joiner.unsubscribe(ROOM);
        drain(joiner);
      }

      over.set(true);
      publishing.get();
      visiting.get();
      threads.shutdown();
    }
  }

  private static void publish(TestServer server, AtomicBoolean over) {
    while (!over.get()) {
      server.api().trigger(ROOM, "e", "x");
    }
  }

  private static void visit(TestClient visitor, AtomicBoolean over) {
    while (!over.get()) {
      visitor.subscribeSigned(ROOM, "{\"user_id\":\"visitor\"}");
      visitor.expectEvent(SUCCEEDED);
      visitor.unsubscribe(ROOM);
      drain(visitor);
    }
  }

  /** Takes what came before the answer to a ping. */
  private static void drain(TestClient client) {
    client.send("{\"event\":\"pusher:ping\"}");
    while (!client.next().path("event").asText().equals("pusher:pong")) {
      continue;
    }
  }

  /** All join at once: whoever is in ends with the same list, and saw each other once. */
  @Test
  void everyMemberListEndsEqualAfterJoinsAtTheSameMoment() throws Exception {
    try (TestServer server = loops(4)) {
      for (int round = 0; round < 20; round++) {
        String room = ROOM + "-" + round;
        List<TestClient> clients = connect(server, 8);

        List<Set<String>> lists = together(clients, (client, i) -> joinAndTrack(client, room, i));

        assertThat(lists).allSatisfy(list -> assertThat(list).hasSize(8));
        clients.forEach(TestClient::close);
      }
    }
  }

  /** Joins, and follows the changes until all eight are in; none is told twice. */
  private static Set<String> joinAndTrack(TestClient client, String room, int i) {
    JsonNode presence = client.joinAs(room, "{\"user_id\":\"" + i + "\"}");
    Set<String> members = ids(presence);
    assertThat(members).contains(Integer.toString(i));
    while (members.size() < 8) {
      JsonNode change = client.expectEvent("pusher_internal:member_added");
      assertThat(members.add(user(change))).as("new is %s", change).isTrue();
    }
    return members;
  }

  /** Half of them come and go many times; an observer's list ends right, each change told once. */
  @Test
  void everyJoinAndLeaveIsToldOnceAndInOrder() throws Exception {
    int visits = 50;
    try (TestServer server = loops(4);
        TestClient observer = server.connect()) {
      observer.joinAs(ROOM, "{\"user_id\":\"observer\"}");
      List<TestClient> clients = connect(server, 6);

      together(
          clients,
          (client, i) -> {
            for (int visit = 0; visit < visits; visit++) {
              client.subscribeSigned(ROOM, "{\"user_id\":\"" + i + "\"}");
              client.expectEvent(SUCCEEDED);
              client.unsubscribe(ROOM);
              drain(client);
            }
            return Set.of();
          });

      Set<String> present = new HashSet<>();
      for (int i = 0; i < 6 * visits * 2; i++) {
        JsonNode change = observer.next();
        boolean added = change.path("event").asText().endsWith("member_added");
        boolean changed = added ? present.add(user(change)) : present.remove(user(change));
        assertThat(changed).as("is news: %s", change).isTrue();
      }
      assertThat(present).isEmpty();
      observer.expectSilence();
      clients.forEach(TestClient::close);
    }
  }

  /** Two tabs of a user come and go at the same moment: between two joins there is one leave. */
  @SingleNode
  @Test
  void tabsOfOneUserAreToldAsOneUser() throws Exception {
    try (TestServer server = loops(4);
        TestClient observer = server.connect()) {
      observer.joinAs(ROOM, "{\"user_id\":\"observer\"}");
      List<TestClient> tabs = connect(server, 4);

      together(
          tabs,
          (tab, i) -> {
            for (int visit = 0; visit < 50; visit++) {
              tab.subscribeSigned(ROOM, "{\"user_id\":\"8\"}").unsubscribe(ROOM);
              tab.expectEvent(SUCCEEDED);
              tab.expectSilence();
            }
            return Set.of();
          });

      server.api().trigger(ROOM, "end", "");
      boolean in = false;
      JsonNode frame = observer.next();
      while (!frame.path("event").asText().equals("end")) {
        in = !in;
        assertThat(frame.path("event").asText()).endsWith(in ? "member_added" : "member_removed");
        frame = observer.next();
      }
      assertThat(in).isFalse();
      tabs.forEach(TestClient::close);
    }
  }

  /** Two subscribers see concurrently published events in the same order. */
  @Test
  void allSubscribersSeeTheSameOrder() throws Exception {
    try (TestServer server = loops(4)) {
      List<TestClient> readers = connect(server, 4);
      readers.forEach(reader -> reader.join("news"));

      together(
          connect(server, 4),
          (unused, i) -> {
            for (int n = 0; n < 100; n++) {
              server.api().trigger("news", i + "-" + n, "x");
            }
            return Set.of();
          });

      List<List<String>> seen = new ArrayList<>();
      for (TestClient reader : readers) {
        List<String> events = new ArrayList<>();
        for (int n = 0; n < 400; n++) {
          events.add(reader.next().path("event").asText());
        }
        seen.add(events);
      }
      assertThat(seen).allSatisfy(events -> assertThat(events).isEqualTo(seen.get(0)));
    }
  }

  /** What one of several does at the same time. */
  private interface Part {
    Set<String> run(TestClient client, int i) throws Exception;
  }

  /** Lets all begin at the same moment; their results. */
  private static List<Set<String>> together(List<TestClient> clients, Part part) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(clients.size());
    CyclicBarrier barrier = new CyclicBarrier(clients.size());
    List<Callable<Set<String>>> parts = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      int number = i;
      parts.add(
          () -> {
            barrier.await();
            return part.run(clients.get(number), number);
          });
    }
    List<Set<String>> results = new ArrayList<>();
    for (Future<Set<String>> result : threads.invokeAll(parts)) {
      results.add(result.get());
    }
    threads.shutdown();
    return results;
  }

  private static List<TestClient> connect(TestServer server, int count) {
    List<TestClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(server.connect());
    }
    return clients;
  }

  private static TestServer loops(int count) {
    return TestServer.start(
        TestServer.config().toBuilder().eventLoops(count).build(), TestServer.app().build());
  }

  private static Set<String> ids(JsonNode presence) {
    Set<String> ids = new HashSet<>();
    presence.path("ids").forEach(id -> ids.add(id.asText()));
    return ids;
  }

  private static String user(JsonNode change) {
    return TestClient.json(change.path("data").asText()).path("user_id").asText();
  }
}
