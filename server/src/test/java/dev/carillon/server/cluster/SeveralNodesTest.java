package dev.carillon.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.config.AppConfigBuilder;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.redis.OnRedis;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes, one channel space: what a client sees does not depend on where it is connected. */
class SeveralNodesTest {
  private static final String ROOM = "presence-room";

  private final ScalingConfig cluster = OnRedis.fresh();
  private final List<TestServer> servers = new ArrayList<>();

  private TestServer node() {
    return node(app -> app);
  }

  private TestServer node(UnaryOperator<AppConfigBuilder> app) {
    TestServer node = TestServer.startNode(cluster, app);
    servers.add(node);
    Await.until("it is ready", () -> node.admin().send("GET", "/ready", "").statusCode() == 200);
    return node;
  }

  @AfterEach
  void close() {
    servers.forEach(TestServer::close);
  }

  private static String user(String id) {
    return "{\"user_id\":\"" + id + "\"}";
  }

  /** Case 91. */
  @Test
  void anEventReachesSubscribersOfAllNodesOnceButNotTheOneThatIsLeftOut() {
    TestServer one = node();
    TestServer two = node();
    try (TestClient here = one.connect().join("news");
        TestClient there = two.connect().join("news");
        TestClient sender = two.connect().join("news")) {
      one.api()
          .trigger(
              "{\"name\":\"e\",\"channel\":\"news\",\"data\":\"x\",\"socket_id\":\"%s\"}"
                  .formatted(sender.socketId()));
      one.api().trigger("news", "last", "y");

      for (TestClient client : List.of(here, there)) {
        assertThat(client.nextText())
            .isEqualTo("{\"event\":\"e\",\"channel\":\"news\",\"data\":\"x\"}");
        client.expectEvent("last");
        client.expectSilence();
      }
      sender.expectEvent("last");
    }
  }

  @Test
  void aClientEventReachesTheOtherNodeWithItsSender() {
    TestServer one = node();
    TestServer two = node();
    try (TestClient here = one.connect();
        TestClient there = two.connect()) {
      here.joinAs(ROOM, user("7"));
      there.joinAs(ROOM, user("8"));
      here.expectEvent("pusher_internal:member_added");

      here.send("{\"event\":\"client-x\",\"channel\":\"presence-room\",\"data\":{\"a\":1.50}}");

      assertThat(there.nextText())
          .isEqualTo(
              "{\"event\":\"client-x\",\"channel\":\"presence-room\",\"data\":{\"a\":1.50},\"user_id\":\"7\"}");
      here.expectSilence();
    }
  }

  /** Case 92. */
  @Test
  void usersOfAllNodesAreInTheListEachOnce() {
    TestServer one = node();
    TestServer two = node();
    try (TestClient ann = one.connect();
        TestClient ben = two.connect();
        TestClient again = two.connect()) {
      ann.joinAs(ROOM, user("ann"));
      JsonNode list = ben.joinAs(ROOM, user("ben"));
      assertThat(list.path("ids").toString()).isEqualTo("[\"ann\",\"ben\"]");
      ann.expectEvent("pusher_internal:member_added");
      JsonNode same = again.joinAs(ROOM, user("ann"));
      assertThat(same.path("count").asInt()).isEqualTo(2);
      ben.expectSilence();

      for (TestServer node : servers) {
        assertThat(node.api().get("/channels/" + ROOM + "/users").body())
            .isEqualTo("{\"users\":[{\"id\":\"ann\"},{\"id\":\"ben\"}]}");
        assertThat(
                node.api()
                    .get("/channels/" + ROOM, Map.of("info", "user_count,subscription_count"))
                    .body())
            .isEqualTo("{\"occupied\":true,\"user_count\":2,\"subscription_count\":3}");
      }
      ann.close();
      ben.expectSilence();
      again.close();
      assertThat(ben.expectEvent("pusher_internal:member_removed").path("data").asText())
          .isEqualTo(user("ann"));
    }
  }

  /** Case 93. */
  @Test
  void theSameUserComesAndGoesOnTwoNodesAtTheSameMomentAndIsToldOnce() throws Exception {
    TestServer one = node();
    TestServer two = node();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (TestClient observer = one.connect();
        TestClient here = one.connect();
        TestClient there = two.connect()) {
      observer.joinAs(ROOM, user("observer"));
      for (int round = 0; round < 100; round++) {
        together(threads, () -> here.joinAs(ROOM, user("7")), () -> there.joinAs(ROOM, user("7")));
        observer.expectEvent("pusher_internal:member_added");
        together(threads, () -> here.unsubscribe(ROOM), () -> there.unsubscribe(ROOM));
        observer.expectEvent("pusher_internal:member_removed");
      }
      observer.expectSilence();
    } finally {
      threads.shutdownNow();
    }
  }

  private static void together(ExecutorService threads, Callable<?> one, Callable<?> other)
      throws Exception {
    for (Future<?> done : threads.invokeAll(List.of(one::call, other::call))) {
      done.get();
    }
  }

  /** Its first member leaves after the second has come, since that waits for an answer. */
  @Test
  void aConnectionThatComesAgainAsSomebodyElseIsToldThatTheFirstHasLeft() {
    TestServer one = node();
    try (TestClient client = one.connect()) {
      client.subscribeSigned(ROOM, user("7")).unsubscribe(ROOM);
      JsonNode list = client.joinAs(ROOM, user("8"));
      if (list.path("ids").size() == 2) {
        assertThat(client.expectEvent("pusher_internal:member_removed").path("data").asText())
            .isEqualTo(user("7"));
      }
      client.expectSilence();
      assertThat(one.api().get("/channels/" + ROOM + "/users").body())
          .isEqualTo("{\"users\":[{\"id\":\"8\"}]}");
    }
  }

  /** Case 96, its first half. */
  @Test
  void anEventKeptByOneNodeIsServedByTheOther() {
    TestServer one = node();
    TestServer two = node();
    one.api().trigger("cache-a", "update", "1.50");

    try (TestClient late = two.connect().join("cache-a")) {
      assertThat(late.nextText())
          .isEqualTo("{\"event\":\"update\",\"channel\":\"cache-a\",\"data\":\"1.50\"}");
      late.expectSilence();
    }
  }

  /** Case 96, its second half. */
  @Test
  void fiftyHandshakesAtOnceOnTwoNodesShareOneQuota() throws Exception {
    UnaryOperator<AppConfigBuilder> limited = app -> app.maxConnections(10);
    List<TestServer> nodes = List.of(node(limited), node(limited));
    ExecutorService threads = Executors.newFixedThreadPool(16);
    List<Callable<TestClient>> handshakes = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      TestServer node = nodes.get(i % 2);
      handshakes.add(() -> node.open("/app/" + TestServer.KEY + "?protocol=7"));
    }
    List<TestClient> clients = new ArrayList<>();
    for (Future<TestClient> client : threads.invokeAll(handshakes)) {
      clients.add(client.get());
    }
    threads.shutdownNow();

    long in =
        clients.stream()
            .filter(
                client ->
                    client.next().path("event").asText().equals("pusher:connection_established"))
            .count();

    assertThat(in).isEqualTo(10);
    assertThat(nodes.get(0).api().get("/connections").body()).isEqualTo("{\"connections\":10}");
    clients.forEach(TestClient::close);
    nodes.get(1).awaitConnections(0);
    nodes.get(1).connect().close();
  }

  @Test
  void aUsersEventsTerminationAndStatusCrossNodes() {
    TestServer one = node();
    TestServer two = node();
    try (TestClient watcher = two.connect();
        TestClient user = one.connect()) {
      watcher.signedInAs("w", "u");
      watcher.expectEvent("pusher_internal:watchlist_events");
      user.signedInAs("u");
      assertThat(watcher.nextText()).contains("online");

      two.api().trigger("#server-to-user-u", "hello", "x");
      user.expectEvent("hello");
      HttpResponse<String> answer = two.api().post("/users/u/terminate_connections", "{}");

      assertThat(answer.body()).isEqualTo("{}");
      assertThat(user.closeCode()).isEqualTo(4009);
      assertThat(watcher.nextText()).contains("offline");
    }
  }

  @Test
  void aRequestWithAnIdempotencyKeyIsDoneOnceWhicheverNodeIsAsked() {
    TestServer one = node();
    TestServer two = node();
    String body = "{\"name\":\"e\",\"channel\":\"news\",\"data\":\"x\",\"idempotency_key\":\"k\"}";
    try (TestClient client = two.connect().join("news")) {
      assertThat(one.api().trigger(body).statusCode()).isEqualTo(200);
      assertThat(two.api().trigger(body).statusCode()).isEqualTo(200);
      two.api().trigger("news", "last", "y");

      client.expectEvent("e");
      client.expectEvent("last");
    }
  }

  @Test
  void aNodeThatGoesIsToldOfAtOnceAndItsClientsComeBackElsewhere() throws Exception {
    TestServer one = node();
    TestServer two = node();
    try (TestClient stays = two.connect();
        TestClient moves = one.connect()) {
      stays.joinAs(ROOM, user("stays"));
      moves.joinAs(ROOM, user("moves"));
      stays.expectEvent("pusher_internal:member_added");

      one.server().drain();
      one.close();

      assertThat(moves.closeCode()).isEqualTo(4200);
      stays.expectEvent("pusher_internal:member_removed");
      Await.until(
          "nobody is left of it",
          () -> two.api().get("/connections").body().equals("{\"connections\":1}"));
    }
  }
}
