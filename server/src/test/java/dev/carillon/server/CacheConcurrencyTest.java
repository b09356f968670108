package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Joins to a cache channel while events are triggered: from the kept event on, a subscriber gets
 * what others get: none missing, none twice, none that is older.
 */
class CacheConcurrencyTest {
  private static final int JOINS = 1000;
  private static final int TRIGGERING = 2;
  private static final int JOINING = 2;
  private static final String SUCCEEDED = "pusher_internal:subscription_succeeded";

  @ParameterizedTest
  @ValueSource(strings = {"cache-a", "presence-cache-a"})
  void aJoinerGetsTheKeptEventAndThenAllThatFollow(String channel) throws Exception {
    try (TestServer server =
            TestServer.start(
                TestServer.config().toBuilder().eventLoops(4).build(), TestServer.app().build());
        TestClient observer = server.connect()) {
      server.api().trigger(channel, "0-0", "x");
      subscribe(observer, channel, "observer");
      observer.expectEvent(SUCCEEDED);

      List<List<List<String>>> visits = run(server, channel);

      server.api().trigger(channel, "end", "x");
      Map<String, Integer> order = order(observer);
      assertThat(order).hasSizeGreaterThan(JOINS / 4);
      for (List<List<String>> joiner : visits) {
        assertThat(joiner).hasSize(JOINS / JOINING);
        int reached = 0;
        for (List<String> events : joiner) {
          List<Integer> places = events.stream().map(order::get).toList();
          assertThat(places).as("%s", events).isNotEmpty().doesNotContainNull();
          assertThat(places.get(0)).as("none that is older").isGreaterThanOrEqualTo(reached);
          for (int i = 1; i < places.size(); i++) {
            assertThat(places.get(i)).as("%s", places).isEqualTo(places.get(i - 1) + 1);
          }
          reached = places.get(places.size() - 1);
        }
      }
    }
  }

  /** What each joiner got in each of its visits. */
  private static List<List<List<String>>> run(TestServer server, String channel) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(TRIGGERING + JOINING);
    List<Future<?>> triggering = new ArrayList<>();
    for (int i = 1; i <= TRIGGERING; i++) {
      String name = i + "-";
      triggering.add(threads.submit(() -> trigger(server, channel, name, over)));
    }
    List<Callable<List<List<String>>>> joiners = new ArrayList<>();
    for (int i = 0; i < JOINING; i++) {
      String user = "joiner" + i;
      joiners.add(() -> visit(server, channel, user));
    }
    List<List<List<String>>> visits = new ArrayList<>();
    for (Future<List<List<String>>> joined : threads.invokeAll(joiners)) {
      visits.add(joined.get());
    }
    over.set(true);
    for (Future<?> end : triggering) {
      end.get(30, TimeUnit.SECONDS);
    }
    threads.shutdown();
    return visits;
  }

  private static void trigger(TestServer server, String channel, String name, AtomicBoolean over) {
    for (int i = 0; !over.get(); i++) {
      server.api().trigger(channel, name + i, "x");
    }
  }

  private static List<List<String>> visit(TestServer server, String channel, String user) {
    List<List<String>> visits = new ArrayList<>();
    try (TestClient client = server.connect()) {
      for (int i = 0; i < JOINS / JOINING; i++) {
        subscribe(client, channel, user);
        client.expectEvent(SUCCEEDED);
        List<String> events = new ArrayList<>();
        // The kept event, directly after the acknowledgement; then some more.
        events.add(client.next().path("event").asText());
        client.send("{\"event\":\"pusher:ping\"}");
        untilPong(client, events);
        visits.add(events);
        client.unsubscribe(channel).send("{\"event\":\"pusher:ping\"}");
        untilPong(client, new ArrayList<>());
      }
    }
    return visits;
  }

  private static void untilPong(TestClient client, List<String> events) {
    String event = client.next().path("event").asText();
    while (!event.equals("pusher:pong")) {
      if (!event.startsWith("pusher_internal:")) {
        events.add(event);
      }
      event = client.next().path("event").asText();
    }
  }

  private static void subscribe(TestClient client, String channel, String user) {
    if (channel.startsWith("presence-")) {
      client.subscribeSigned(channel, "{\"user_id\":\"" + user + "\"}");
    } else {
      client.subscribe(channel);
    }
  }

  /** Each event's place in the order that somebody saw who was there all the time. */
  private static Map<String, Integer> order(TestClient observer) {
    Map<String, Integer> places = new HashMap<>();
    JsonNode frame = observer.next();
    while (!frame.path("event").asText().equals("end")) {
      String event = frame.path("event").asText();
      if (!event.startsWith("pusher_internal:")) {
        assertThat(places.put(event, places.size())).as("%s comes once", event).isNull();
      }
      frame = observer.next();
    }
    return places;
  }
}
