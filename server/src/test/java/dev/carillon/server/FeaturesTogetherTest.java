package dev.carillon.server;

import static dev.carillon.server.support.TestClient.json;
import static dev.carillon.server.support.TestClient.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.config.WebhookConfig;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.ErrorLog;
import dev.carillon.server.support.TestApi;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestEndpoint;
import dev.carillon.server.support.TestServer;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What one feature does to another: users, presence, caches, counts, webhooks, repeated requests.
 */
class FeaturesTogetherTest {
  private static final int CHANNELS = 50;

  @TempDir private Path data;

  @Test
  void aSignedInMemberOfACacheChannelIsToldTheMembersThenTheEvent() {
    try (TestServer server = TestServer.start();
        TestClient ann = server.connect();
        TestClient ben = server.connect().signedInAs("ben")) {
      server.api().trigger("presence-cache-a", "update", "1");
      ann.signinSigned("{\"id\":\"ann\",\"user_info\":{\"name\":\"Ann\"}}");
      ann.expectEvent("pusher:signin_success");

      ann.subscribeSigned("presence-cache-a", null);

      JsonNode succeeded = ann.expectEvent("pusher_internal:subscription_succeeded");
      assertThat(json(succeeded.path("data").asText()).path("presence").path("hash"))
          .hasToString("{\"ann\":{\"name\":\"Ann\"}}");
      ann.expectEvent("update");
      ben.subscribeSigned("presence-cache-b", null);
      ben.expectEvent("pusher_internal:subscription_succeeded");
      ben.expectEvent("pusher:cache_miss");
      ann.expectSilence();
    }
  }

  @Test
  void aMemberOfManyChannelsIsTerminatedInAllOfThemAndNothingIsLeft() {
    try (ErrorLog log = new ErrorLog();
        TestServer server = TestServer.startWithOfflineGrace(Duration.ZERO)) {
      try (TestClient other = server.connect().signedInAs("other", "ann");
          TestClient ann = server.connect().signedInAs("ann", "ann", "other");
          TestClient tab = server.connect()) {
        ann.expectEvent("pusher_internal:watchlist_events");
        other.expectEvent("pusher_internal:watchlist_events");
        other.expectEvent("pusher_internal:watchlist_events");
        for (int i = 0; i < CHANNELS; i++) {
          other.joinAs("presence-" + i, "{\"user_id\":\"other\"}");
          ann.subscribeSigned("presence-" + i, null);
          ann.expectEvent("pusher_internal:subscription_succeeded");
          other.expectEvent("pusher_internal:member_added");
        }
        tab.joinAs("presence-0", "{\"user_id\":\"ann\"}");

        assertThat(server.api().post("/users/ann/terminate_connections", "{}").body())
            .isEqualTo("{}");

        assertThat(ann.closeCode()).isEqualTo(4009);
        assertThat(tab.closeCode()).isEqualTo(4009);
        List<String> events = new ArrayList<>();
        for (int i = 0; i <= CHANNELS; i++) {
          events.add(other.next().path("event").asText());
        }
        assertThat(events).filteredOn("pusher_internal:member_removed"::equals).hasSize(CHANNELS);
        assertThat(events).filteredOn("pusher_internal:watchlist_events"::equals).hasSize(1);
        other.expectSilence();
      }
      expectNobodyLeft(server);
      log.expectNothing();
    }
  }

  private static void expectNobodyLeft(TestServer server) {
    for (String gauge :
        List.of("connections", "signed_in_connections", "user_topics", "fallback_connections")) {
      expectZero(server, "carillon_" + gauge + "{");
    }
    expectZero(server, "carillon_channels{");
    expectZero(server, "carillon_subscriptions{");
    assertThat(server.api().get("/channels").body()).isEqualTo("{\"channels\":{}}");
  }

  private static void expectZero(TestServer server, String gauge) {
    Await.until(
        gauge,
        () ->
            server
                .metrics()
                .lines()
                .filter(line -> line.startsWith(gauge))
                .allMatch(line -> line.endsWith(" 0.0")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "__proto__",
        "constructor",
        "\"",
        "\\",
        "a\"],\"x\":[\"",
        "\u0000",
        "a\nb",
        "\u2028",
        "#server-to-user-x",
        "../..",
        "%2e%2F",
        "\ud83d\ude00",
        "LONGEST"
      })
  void aUserIdMayBeAnythingAndHarmsNobody(String given) {
    String id = given.equals("LONGEST") ? "\ud83d\ude00".repeat(64) : given;
    String member = "{\"user_id\":" + quoted(id) + "}";
    try (ErrorLog log = new ErrorLog();
        TestEndpoint endpoint = new TestEndpoint();
        TestServer server = startTelling(endpoint);
        TestClient watcher = server.connect().signedInAs("watcher", id);
        TestClient user = server.connect().signedInAs(id, id)) {
      assertThat(change(watcher)).isEqualTo(List.of("offline", id));
      assertThat(change(watcher)).isEqualTo(List.of("online", id));
      assertThat(change(user)).isEqualTo(List.of("online", id));
      JsonNode presence = watcher.joinAs("presence-a", member);
      assertThat(presence.path("ids").path(0).asText()).isEqualTo(id);
      assertThat(presence.path("hash").has(id)).isTrue();
      endpoint.expect("channel_occupied", "presence-a");
      assertThat(json(endpoint.nextEvent()).path("user_id").asText()).isEqualTo(id);
      assertThat(server.api().get("/channels/presence-a/users").body())
          .isEqualTo("{\"users\":[{\"id\":" + quoted(id) + "}]}");

      String path = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
      HttpResponse<String> terminated =
          server.api().post("/users/" + path + "/terminate_connections", "{}");

      assertThat(terminated.body()).isEqualTo("{}");
      assertThat(user.closeCode()).isEqualTo(4009);
      assertThat(watcher.closeCode()).isEqualTo(4009);
      log.expectNothing();
    }
  }

  private static List<String> change(TestClient client) {
    JsonNode data =
        json(client.expectEvent("pusher_internal:watchlist_events").path("data").asText());
    JsonNode event = data.path("events").path(0);
    return List.of(event.path("name").asText(), event.path("user_ids").path(0).asText());
  }

  private TestServer startTelling(TestEndpoint endpoint) {
    return TestServer.start(
        TestServer.config().toBuilder().dataDir(data).build(),
        TestServer.app()
            .maxPresenceMembers(1)
            .webhookPatience(Duration.ofMillis(1))
            .webhooks(List.of(WebhookConfig.of(endpoint.url())))
            .subscriptionCount(true)
            .build());
  }

  @Test
  void whoIsRefusedByAFullChannelChangesNoCountAndIsNotTold() {
    try (TestEndpoint endpoint = new TestEndpoint();
        TestServer server = startTelling(endpoint);
        TestClient ann = server.connect();
        TestClient ben = server.connect()) {
      ann.joinAs("presence-cache-a", "{\"user_id\":\"ann\"}");
      ann.expectEvent("pusher:cache_miss");
      for (int i = 0; i < 3; i++) {
        ben.subscribeSigned("presence-cache-a", "{\"user_id\":\"ben\"}");
        ben.expectEvent("pusher:subscription_error");
        ben.expectError();
      }
      ben.subscribe("private-a", "x:y", null).expectEvent("pusher:subscription_error");
      ben.expectError();
      ben.subscribe("#server-to-user-ann").expectEvent("pusher:subscription_error");
      ben.expectError();

      assertThat(
              server
                  .api()
                  .get("/channels/presence-cache-a", Map.of("info", "subscription_count"))
                  .body())
          .isEqualTo("{\"occupied\":true,\"subscription_count\":1}");
      server.api().post("/users/ben/terminate_connections", "{}");
      ben.expectSilence();
      ann.expectSilence();
      ann.join("last");
      endpoint
          .expect("channel_occupied", "presence-cache-a")
          .expect("member_added", "presence-cache-a")
          .expect("cache_miss", "presence-cache-a")
          .expect("channel_occupied", "last")
          .expect("subscription_count", "last");
    }
  }

  @Test
  void aRepeatedBatchIsAnsweredTheSameAndDoneOnceWhateverItsChannels() {
    try (TestServer server = TestServer.start();
        TestClient ann = server.connect().signedInAs("ann")) {
      ann.join("cache-a").expectEvent("pusher:cache_miss");
      String batch =
          "{\"idempotency_key\":\"k\",\"batch\":["
              + "{\"name\":\"a\",\"data\":\"1\",\"channel\":\"cache-a\",\"info\":\"subscription_count\"},"
              + "{\"name\":\"b\",\"data\":\"2\",\"channel\":\"#server-to-user-ann\",\"info\":\"subscription_count,user_count\"}]}";

      String first = server.api().post("/batch_events", batch).body();
      server.api().trigger("cache-a", "newer", "3");
      ann.unsubscribe("cache-a").expectEvent("a");
      ann.expectEvent("b");
      ann.expectEvent("newer");
      String again = server.api().post("/batch_events", batch).body();

      assertThat(first)
          .isEqualTo(again)
          .isEqualTo("{\"batch\":[{\"subscription_count\":1},{\"subscription_count\":0}]}");
      ann.expectSilence();
      ann.join("cache-a").expectEvent("newer");
    }
  }

  @Test
  void aWatchlistOfThousandsIsCutAndAUserOfThousandsIsToldToEach() {
    String[] thousands = IntStream.range(0, 6_000).mapToObj(i -> "w" + i).toArray(String[]::new);
    try (ErrorLog log = new ErrorLog();
        TestServer server = TestServer.startWithOfflineGrace(Duration.ZERO)) {
      try (TestClient greedy = server.connect().signedInAs("greedy", thousands)) {
        assertThat(greedy.expectError().path("code").asInt()).isEqualTo(4302);
        greedy.expectEvent("pusher_internal:watchlist_events");
        assertThat(server.metrics()).contains("carillon_user_topics{app=\"3\"} 101.0");
      }
      List<TestClient> watchers = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        TestClient watcher = server.connect().signedInAs("u" + i, "star");
        watcher.expectEvent("pusher_internal:watchlist_events");
        watchers.add(watcher);
      }
      server.connect().signedInAs("star").close();
      for (TestClient watcher : watchers) {
        assertThat(change(watcher)).isEqualTo(List.of("online", "star"));
        assertThat(change(watcher)).isEqualTo(List.of("offline", "star"));
        watcher.close();
      }
      expectNobodyLeft(server);
      log.expectNothing();
    }
  }

  /** Case 86: what the PHP SDK decodes must be an object, with status 200. */
  @Test
  void everyAnswerIsAnObject() {
    try (TestServer server = TestServer.start()) {
      TestApi api = server.api();
      List<HttpResponse<String>> answers =
          Arrays.asList(
              api.trigger("{\"name\":\"e\",\"data\":\"\",\"channel\":\"a\"}"),
              api.trigger("{\"name\":\"e\",\"data\":\"\",\"channel\":\"#server-to-user-u1\"}"),
              api.trigger(
                  "{\"name\":\"e\",\"data\":\"\",\"channels\":[\"a\"],\"info\":\"user_count\"}"),
              api.post(
                  "/batch_events",
                  "{\"batch\":[{\"name\":\"e\",\"data\":\"\",\"channel\":\"a\"}]}"),
              api.get("/channels"),
              api.get("/channels/a"),
              api.post("/users/u1/terminate_connections", "{}"));
      for (HttpResponse<String> answer : answers) {
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer.body()).isObject()).isTrue();
        assertThat(answer.body()).doesNotContain(":[]", "batch\":{}");
      }
    }
  }
}
