package dev.carillon.server.cluster;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.TestApi;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.redis.PublishLog;
import dev.carillon.server.support.redis.RedisServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is told of users whose nodes are killed, restarted, or at work together: each thing once.
 */
@Timeout(120)
class StatusNodesTest {
  private static final int NODES = 3;
  private static final int LEASE_SECONDS = 2;
  private static final int GRACE_SECONDS = 4;
  private static final String TEAM = "presence-team";
  private static final String AUDIENCE = "private-audience";

  /** One device of a user. */
  private record Visit(String user, String kind, int node, TestClient client) {}

  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<Visit> visits = new ArrayList<>();
  private final List<TestClient> watchers = new ArrayList<>();
  @TempDir private Path folder;
  private RedisServer redis;

  @BeforeEach
  void start() {
    redis = RedisServer.start();
    String scaling =
        "{enabled: true, node_lease: %d, redis: {url: \"%s\"}}"
            .formatted(LEASE_SECONDS, redis.url());
    String rules = "{offline_after: %d, coalesce: 0.05}".formatted(GRACE_SECONDS);
    IntStream.range(0, NODES)
        .mapToObj(
            node ->
                CompletableFuture.supplyAsync(
                    () -> NodeProcess.withStatuses("node" + node, folder, scaling, rules)))
        .toList()
        .forEach(node -> nodes.add(node.join()));
  }

  @AfterEach
  void stop() {
    visits.forEach(visit -> visit.client.close());
    watchers.forEach(TestClient::close);
    nodes.forEach(NodeProcess::close);
    redis.close();
  }

  private TestClient open(int node) {
    String port = String.valueOf(nodes.get(node).port());
    return TestClient.open("ws://127.0.0.1:" + port + "/app/" + TestServer.KEY + "?protocol=7")
        .established();
  }

  /** In the team, by a device that keeps its id. */
  private void connect(String user, String kind, int node) {
    TestClient client = open(node);
    client.subscribeSigned(
        TEAM,
        "{\"user_id\":\"%s\",\"user_info\":{\"device\":\"%s\",\"device_id\":\"%s\"}}"
            .formatted(user, kind, kind + "-of-" + user));
    client.expectEvent("pusher_internal:subscription_succeeded");
    visits.add(new Visit(user, kind, node, client));
  }

  /** All are online, have an audience, and of nothing that happened until now it will be told. */
  private void settle() {
    for (Visit visit : visits) {
      awaitThat(
          visit.user + " is online by " + visit.kind,
          () -> {
            JsonNode status = TestClient.json(status(1, visit.user));
            return status.path("status").asText().equals("online")
                && status.path("devices").has(visit.kind);
          });
      say(1, visit.user, "", "{\"status\":\"auto\",\"channels\":[\"%s\"]}".formatted(AUDIENCE));
    }
    api(1).trigger(TEAM, "settled", "x");
    for (Visit visit : visits) {
      while (!visit.client.nextText().contains("settled")) {
        // it was of what happened until now
      }
    }
  }

  private void watchAt(int... those) {
    for (int node : those) {
      watchers.add(open(node).join(AUDIENCE));
    }
  }

  private static void awaitThat(String what, BooleanSupplier condition) {
    Await.until(what, Duration.ofSeconds(15), Duration.ofMillis(20), condition);
  }

  private TestApi api(int node) {
    return nodes.get(node).api();
  }

  private String status(int node, String user) {
    return api(node).get("/users/" + user + "/status").body();
  }

  private void say(int node, String user, String call, String body) {
    assertThat(api(node).post("/users/" + user + "/status" + call, body).statusCode())
        .isEqualTo(200);
  }

  /** Of each user what those nodes answer, which is the same. */
  private Map<String, String> statuses(int... those) {
    List<String> users = visits.stream().map(Visit::user).distinct().sorted().toList();
    Map<String, String> ids = Map.of("user_ids", String.join(",", users));
    List<Map<String, String>> answers = new ArrayList<>();
    List<String> lists = new ArrayList<>();
    for (int node : those) {
      answers.add(users.stream().collect(toMap(user -> user, user -> status(node, user))));
      lists.add(api(node).get("/statuses", ids).body());
    }
    assertThat(answers).allMatch(answers.get(0)::equals);
    assertThat(lists).allMatch(lists.get(0)::equals);
    return new TreeMap<>(answers.get(0));
  }

  /** The next things that a watcher is told, of each user in their order. */
  private static Map<String, List<String>> told(TestClient watcher, int count) {
    Map<String, List<String>> told = new TreeMap<>();
    Map<String, Long> versions = new HashMap<>();
    for (int i = 0; i < count; i++) {
      JsonNode data =
          TestClient.json(watcher.expectEvent("user.status.updated").path("data").asText());
      String user = data.path("user_id").asText();
      long version = data.path("version").asLong();
      assertThat(versions.getOrDefault(user, version - 1)).isEqualTo(version - 1);
      versions.put(user, version);
      told.computeIfAbsent(user, first -> new ArrayList<>())
          .add(data.path("status").asText() + " by " + data.path("cause").asText());
    }
    watcher.expectSilence();
    return told;
  }

  private void awaitThatNobodyIsInTheTeam(String user) {
    awaitThat(
        user + " is taken out",
        () -> !api(1).get("/channels/" + TEAM + "/users").body().contains('"' + user + '"'));
  }

  @Test
  void aKilledNodesUsersBeginTheirGraceAndAreToldToBeOfflineOnce() {
    for (String user : List.of("ann", "ben", "cat", "dan")) {
      connect(user, "web", 0);
    }
    settle();
    watchAt(1, 2);
    Map<String, String> before = statuses(1, 2);
    nodes.get(0).kill();
    long killed = System.nanoTime();
    awaitThatNobodyIsInTheTeam("ann");
    assertThat(statuses(1, 2)).isEqualTo(before);

    for (TestClient watcher : watchers) {
      assertThat(told(watcher, 4))
          .hasSize(4)
          .allSatisfy((user, told) -> assertThat(told).containsExactly("offline by disconnected"));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - killed))
        .isBetween(
            Duration.ofSeconds(GRACE_SECONDS),
            Duration.ofSeconds(LEASE_SECONDS + 3 + GRACE_SECONDS));
    assertThat(statuses(1, 2).values())
        .allMatch(status -> status.contains("\"status\":\"offline\""));
  }

  @Test
  void whoseNodeIsKilledAndWhoIsBackOnAnotherWithinTheGraceIsNoNews() {
    for (String user : List.of("ann", "ben", "cat", "leaver")) {
      connect(user, "web", 0);
    }
    connect("cat", "mobile", 2);
    settle();
    say(1, "ann", "", "{\"status\":\"away\",\"device_id\":\"web-of-ann\"}");
    watchAt(1, 2);
    Map<String, String> before = statuses(1, 2);

    nodes.get(0).kill();
    connect("ann", "web", 1); // before anybody knows
    awaitThatNobodyIsInTheTeam("leaver");
    connect("ben", "web", 2);
    connect("cat", "web", 1);

    for (TestClient watcher : watchers) {
      assertThat(told(watcher, 1))
          .containsExactly(Map.entry("leaver", List.of("offline by disconnected")));
    }
    before.put("leaver", status(1, "leaver"));
    assertThat(statuses(1, 2)).isEqualTo(before);
  }

  @Test
  void aRollingRestartInWhichUsersComeBackIsNoNews() {
    for (int i = 0; i < 6; i++) {
      connect("u" + i, "web", i % NODES);
    }
    connect("u0", "mobile", 1);
    connect("leaver", "web", 2);
    settle();
    Map<String, String> before = statuses(0, 1, 2);
    try (PublishLog broadcast = new PublishLog(redis, "user.status.updated")) {
      for (int node = 0; node < NODES; node++) {
        restart(node);
      }
      assertThat(statuses(0, 1, 2)).isEqualTo(before);

      Visit leaver = visits.stream().filter(v -> v.user.equals("leaver")).findAny().orElseThrow();
      leaver.client.close();

      awaitThat("that the leaver is offline is told", () -> !broadcast.messages().isEmpty());
      assertThat(broadcast.messages())
          .allMatch(message -> message.contains("leaver") && message.contains("offline"));
    }
  }

  /** As an operator does it; the clients come back at once, on the next node. */
  private void restart(int node) {
    CompletableFuture<Integer> ended = CompletableFuture.supplyAsync(nodes.get(node)::terminate);
    List<Visit> moving = visits.stream().filter(visit -> visit.node == node).toList();
    visits.removeAll(moving);
    for (Visit visit : moving) {
      assertThat(visit.client.untilClosed()).noneMatch(text -> text.contains("status.updated"));
      connect(visit.user, visit.kind, (node + 1) % NODES);
    }
    assertThat(ended.join()).isZero();
    nodes.get(node).startAgain();
  }

  @Test
  void whatEndsByItselfIsToldOnceByThreeNodes() {
    List<String> users = IntStream.range(0, 20).mapToObj(i -> "u" + i).toList();
    for (int i = 0; i < users.size(); i++) {
      connect(users.get(i), "web", i % NODES);
    }
    settle();
    watchAt(0, 1, 2);
    Instant start = Instant.now().plusSeconds(4);
    String meeting =
        "{\"status\":\"busy\",\"starts_at\":\"%s\",\"ends_at\":\"%s\"}"
            .formatted(start, start.plusSeconds(1));
    String quiet = "{\"status\":\"dnd\",\"duration\":4}";
    List<String> expected =
        List.of("busy by schedule", "online by schedule", "dnd by manual", "online by expired");

    for (int i = 0; i < users.size(); i++) {
      say((i + 1) % NODES, users.get(i), "/schedule", meeting);
    }
    for (TestClient watcher : watchers) {
      assertThat(told(watcher, 40))
          .hasSize(20)
          .allSatisfy((user, told) -> assertThat(told).isEqualTo(expected.subList(0, 2)));
    }
    for (int i = 0; i < users.size(); i++) {
      say((i + 2) % NODES, users.get(i), "", quiet);
    }
    for (TestClient watcher : watchers) {
      assertThat(told(watcher, 40))
          .hasSize(20)
          .allSatisfy((user, told) -> assertThat(told).isEqualTo(expected.subList(2, 4)));
    }
    assertThat(statuses(0, 1, 2).values()).allMatch(status -> status.contains("\"online\""));
  }
}
