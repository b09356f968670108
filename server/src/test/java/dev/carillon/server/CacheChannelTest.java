package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.SingleNode;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conformance cases 50 to 54, and the cache of case 81. */
class CacheChannelTest {
  private static final String MISS =
      "{\"event\":\"pusher:cache_miss\",\"channel\":\"%s\",\"data\":\"{}\"}";
  private static final String MEMBER = "{\"user_id\":\"7\"}";

  private TestServer server;

  @BeforeEach
  void start() {
    server = TestServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Case 51. */
  @ParameterizedTest
  @ValueSource(strings = {"cache-a", "private-cache-a", "private-encrypted-cache-a"})
  void anEmptyCacheIsAMiss(String channel) {
    try (TestClient client = server.connect().join(channel)) {
      assertThat(client.nextText()).isEqualTo(MISS.formatted(channel));
      client.expectSilence();
    }
  }

  /** Case 52. */
  @ParameterizedTest
  @ValueSource(strings = {"cache-a", "private-cache-a", "private-encrypted-cache-a"})
  void anEventSentToNobodyIsGivenToWhoSubscribesLater(String channel) {
    server.api().trigger(channel, "update", "{\"v\":1}");
    server.api().trigger(channel, "update", "{\"v\":2, \"ü\":\"\\u00fc\"}");

    try (TestClient client = server.connect().join(channel)) {
      String cached = client.nextText();
      server.api().trigger(channel, "update", "{\"v\":2, \"ü\":\"\\u00fc\"}");
      assertThat(cached).contains("\"update\"", channel).isEqualTo(client.nextText());
      client.expectSilence();
    }
  }

  /** Case 50. */
  @Test
  void aPresenceCacheTellsItsMembersThenTheEvent() {
    String channel = "presence-cache-a";
    try (TestClient first = server.connect();
        TestClient second = server.connect()) {
      assertThat(first.joinAs(channel, MEMBER).path("count").asInt()).isEqualTo(1);
      assertThat(first.nextText()).isEqualTo(MISS.formatted(channel));
      server.api().trigger(channel, "update", "x");
      first.expectEvent("update");

      JsonNode members = second.joinAs(channel, "{\"user_id\":\"8\"}");

      assertThat(members.path("count").asInt()).isEqualTo(2);
      second.expectEvent("update");
      second.expectSilence();
      first.expectEvent("pusher_internal:member_added");
    }
  }

  /** Reverb's member_removed takes the event's place. */
  @Test
  void memberChangesAreNotKept() {
    String channel = "presence-cache-a";
    server.api().trigger(channel, "update", "x");
    try (TestClient client = server.connect()) {
      client.joinAs(channel, MEMBER);
      client.expectEvent("update");
      client.unsubscribe(channel).expectSilence();

      client.joinAs(channel, MEMBER);

      client.expectEvent("update");
    }
  }

  /** Case 53. */
  @SingleNode
  @Test
  void clientEventsAreNotKept() {
    String channel = "private-cache-a";
    try (TestClient alice = server.connect().join(channel);
        TestClient bob = server.connect()) {
      alice.expectEvent("pusher:cache_miss");
      alice.send("{\"event\":\"client-x\",\"channel\":\"private-cache-a\",\"data\":{}}");
      alice.expectSilence();

      bob.join(channel);

      bob.expectEvent("pusher:cache_miss");
      bob.expectSilence();
    }
  }

  /** Case 54. */
  @SingleNode
  @Test
  void anEventIsAMissWhenItsTimeIsOver() {
    try (TestServer brief = TestServer.start(app -> app.cacheTtl(Duration.ofMillis(1)));
        TestClient client = brief.connect()) {
      brief.api().trigger("cache-a", "update", "x");
      Await.until(
          "the event is over",
          () ->
              brief
                  .api()
                  .get("/channels/cache-a", Map.of("info", "cache"))
                  .body()
                  .contains("null"));

      client.join("cache-a").expectEvent("pusher:cache_miss");

      Await.until("it was swept away", () -> brief.metrics().contains("carillon_cache_events 0.0"));
      assertThat(brief.metrics()).contains("carillon_cache_size_bytes 0.0");
    }
  }

  /** Case 54. */
  @SingleNode
  @ParameterizedTest
  @ValueSource(strings = {"foo-cache-x", "cached", "news", "private-my-cache-room"})
  void otherChannelsKeepNothing(String channel) {
    server.api().trigger(channel, "update", "x");
    try (TestClient client = server.connect().join(channel)) {
      client.expectSilence();
    }
    assertThat(server.metrics()).contains("carillon_cache_events 0.0");
  }

  @Test
  void anEventOutlivesTheLastSubscriber() {
    try (TestClient client = server.connect().join("cache-a")) {
      client.expectEvent("pusher:cache_miss");
      server.api().trigger("cache-a", "update", "x");
      client.expectEvent("update");
      client.unsubscribe("cache-a").expectSilence();

      client.join("cache-a").expectEvent("update");
    }
  }

  @Test
  void aBatchIsKeptToo() {
    HttpResponse<String> response =
        server
            .api()
            .post(
                "/batch_events",
                "{\"batch\":[{\"name\":\"one\",\"data\":\"1\",\"channel\":\"cache-a\"},"
                    + "{\"name\":\"two\",\"data\":\"2\",\"channel\":\"cache-a\"},"
                    + "{\"name\":\"three\",\"data\":\"3\",\"channel\":\"cache-b\"}]}");
    assertThat(response.body()).isEqualTo("{}");

    try (TestClient client = server.connect()) {
      client.join("cache-a").expectEvent("two");
      client.join("cache-b").expectEvent("three");
      client.expectSilence();
    }
  }

  @Test
  void whoIsLeftOutOfAnEventGetsItWhenItSubscribesAgain() {
    try (TestClient client = server.connect().join("cache-a")) {
      client.expectEvent("pusher:cache_miss");
      server
          .api()
          .trigger(
              "{\"name\":\"update\",\"channel\":\"cache-a\",\"data\":\"x\",\"socket_id\":\""
                  + client.socketId()
                  + "\"}");
      client.expectSilence();

      client.unsubscribe("cache-a").join("cache-a").expectEvent("update");
    }
  }

  /** It has had the event already, or been told that there is none. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void subscribingAgainIsAcknowledgedAlone(boolean kept) {
    if (kept) {
      server.api().trigger("cache-a", "update", "x");
    }
    try (TestClient client = server.connect().join("cache-a")) {
      client.expectEvent(kept ? "update" : "pusher:cache_miss");

      client.join("cache-a").expectSilence();

      server.api().trigger("cache-a", "next", "x");
      client.expectEvent("next");
      client.expectSilence();
    }
  }

  @Test
  void subscribersAtTheSameMomentAreOneMiss() {
    List<TestClient> clients = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      clients.add(server.connect().subscribe("cache-a"));
    }
    for (TestClient client : clients) {
      client.expectEvent("pusher_internal:subscription_succeeded");
      client.expectEvent("pusher:cache_miss");
    }

    assertThat(server.metrics()).contains("carillon_cache_misses_total{app=\"3\"} 1.0");
    clients.forEach(TestClient::close);
  }

  /** Case 81. */
  @Test
  void theApiTellsWhatIsKept() {
    assertThat(cache("cache-a")).isEqualTo("{\"occupied\":false,\"cache\":null}");

    server.api().trigger("cache-a", "update", "{\"v\":\"ü\"}");

    assertThat(cache("cache-a"))
        .isEqualTo(
            "{\"occupied\":false,\"cache\":{\"data\":\"{\\\"v\\\":\\\"ü\\\"}\",\"ttl\":1800}}");
    try (TestClient client = server.connect().join("cache-a")) {
      client.expectEvent("update");
      assertThat(cache("cache-a")).startsWith("{\"occupied\":true,\"cache\":{");
    }
  }

  /** Case 81. */
  @Test
  void theApiTellsOfCacheChannelsOnly() {
    HttpResponse<String> refused = server.api().get("/channels/news", Map.of("info", "cache"));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body().strip())
        .isEqualTo("Cannot retrieve the cache unless the channel is a cache channel");
  }

  @Test
  void whatIsKeptIsNotAskedOfSeveralChannels() {
    HttpResponse<String> triggered =
        server
            .api()
            .trigger("{\"name\":\"e\",\"channel\":\"cache-a\",\"data\":\"x\",\"info\":\"cache\"}");
    assertThat(triggered.body()).isEqualTo("{}");

    try (TestClient client = server.connect().join("cache-a")) {
      client.expectEvent("e");
      assertThat(server.api().get("/channels", Map.of("info", "cache")).body())
          .isEqualTo("{\"channels\":{\"cache-a\":{}}}");
    }
  }

  private String cache(String channel) {
    return server.api().get("/channels/" + channel, Map.of("info", "cache")).body();
  }
}
