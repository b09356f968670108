package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.auth.RequestAuth;
import dev.carillon.server.support.TestApi;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conformance cases 80 to 83; caches are in CacheChannelTest. */
class ChannelQueriesTest {
  private TestServer server;
  private TestApi api;
  private TestClient client;

  @BeforeEach
  void start() {
    server = TestServer.start();
    api = server.api();
    client = server.connect();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  /** Case 80. */
  @Test
  void noChannelsAreAnEmptyObject() {
    assertThat(body("/channels", Map.of())).isEqualTo("{\"channels\":{}}");
  }

  /** Case 80. */
  @Test
  void occupiedChannelsAreListedWithTheirCounts() {
    client.join("news").joinAs("presence-a", "{\"user_id\":\"7\"}");
    try (TestClient tab = server.connect()) {
      tab.joinAs("presence-a", "{\"user_id\":\"7\"}");

      assertThat(body("/channels", Map.of()))
          .isEqualTo("{\"channels\":{\"news\":{},\"presence-a\":{}}}");
      assertThat(body("/channels", Map.of("filter_by_prefix", "presence-", "info", "user_count")))
          .isEqualTo("{\"channels\":{\"presence-a\":{\"user_count\":1}}}");
      assertThat(body("/channels", Map.of("info", "subscription_count")))
          .isEqualTo(
              "{\"channels\":{\"news\":{\"subscription_count\":1},"
                  + "\"presence-a\":{\"subscription_count\":2}}}");
      assertThat(body("/channels", Map.of("filter_by_prefix", "x"))).isEqualTo("{\"channels\":{}}");
    }
  }

  /** Case 80. */
  @Test
  void userCountsNeedThePresencePrefix() {
    HttpResponse<String> response = api.get("/channels", Map.of("info", "user_count"));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .isEqualTo(
            "user_count may only be requested for presence channels - please supply"
                + " filter_by_prefix begining with presence-\n");
  }

  /** Case 80: a channel that was left is not listed. */
  @Test
  void aChannelThatWasLeftIsNotListed() {
    client.join("news").join("other").unsubscribe("news").expectSilence();

    assertThat(body("/channels", Map.of())).isEqualTo("{\"channels\":{\"other\":{}}}");
  }

  /** 6.5: parameters that are not known are ignored. */
  @Test
  void unknownParametersAreIgnored() {
    assertThat(body("/channels", Map.of("what", "ever", "info", "what")))
        .isEqualTo("{\"channels\":{}}");
  }

  /** Case 81. */
  @Test
  void aChannelThatWasNeverUsedIsNotOccupied() {
    assertThat(body("/channels/x", Map.of())).isEqualTo("{\"occupied\":false}");
    assertThat(body("/channels/presence-x", Map.of("info", "user_count")))
        .isEqualTo("{\"occupied\":false,\"user_count\":0}");
  }

  /** Case 81. */
  @Test
  void anOccupiedChannelTellsWhatWasAskedFor() {
    client.join("news").joinAs("presence-a", "{\"user_id\":\"7\"}");

    assertThat(body("/channels/news", Map.of())).isEqualTo("{\"occupied\":true}");
    assertThat(body("/channels/news", Map.of("info", "subscription_count")))
        .isEqualTo("{\"occupied\":true,\"subscription_count\":1}");
    assertThat(body("/channels/presence-a", Map.of("info", "user_count,subscription_count")))
        .isEqualTo("{\"occupied\":true,\"user_count\":1,\"subscription_count\":1}");
  }

  /** Case 81. */
  @Test
  void onlyPresenceChannelsHaveUsers() {
    HttpResponse<String> count = api.get("/channels/news", Map.of("info", "user_count"));
    HttpResponse<String> users = api.get("/channels/news/users");

    assertThat(count.statusCode()).isEqualTo(400);
    assertThat(count.body())
        .isEqualTo("Cannot retrieve the user count unless the channel is a presence channel\n");
    assertThat(users.statusCode()).isEqualTo(400);
    assertThat(users.body()).isEqualTo("Users can only be retrieved for presence channels\n");
  }

  /** Case 82. */
  @Test
  void usersAreListedOnceWithTextIds() {
    client.joinAs("presence-a", "{\"user_id\":7}");
    try (TestClient tab = server.connect();
        TestClient other = server.connect()) {
      tab.joinAs("presence-a", "{\"user_id\":7}");
      other.joinAs("presence-a", "{\"user_id\":\"8\"}");

      assertThat(body("/channels/presence-a/users", Map.of()))
          .isEqualTo("{\"users\":[{\"id\":\"7\"},{\"id\":\"8\"}]}");
    }
    assertThat(body("/channels/presence-b/users", Map.of())).isEqualTo("{\"users\":[]}");
  }

  /** Case 83: libraries sign the path as it travels, or decoded. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/channels/private-a@b,c;d=e.f",
        "/channels/private-a%40b%2Cc%3Bd%3De.f",
        "/channels/private-a%40b,c;d=e.f"
      })
  void aChannelsNameMayBeEncodedInThePath(String path) {
    client.join("private-a@b,c;d=e.f");

    assertThat(body(path, Map.of())).isEqualTo("{\"occupied\":true}");
    String signed =
        RequestAuth.signedQuery(
            TestServer.CREDENTIALS,
            "GET",
            "/apps/3/channels/private-a@b,c;d=e.f",
            Map.of(),
            new byte[0],
            Instant.now());
    assertThat(api.send("GET", "/apps/3" + path + "?" + signed, "").body())
        .isEqualTo("{\"occupied\":true}");
  }

  /** 4.1: what cannot be a channel is a mistake here, too. */
  @ParameterizedTest
  @ValueSource(
      strings = {"/channels/a%20b", "/channels/%C3%BC", "/channels/a%2Fb", "/channels/%23x"})
  void anInvalidNameIsRefused(String path) {
    assertThat(api.get(path).statusCode()).isEqualTo(400);
  }

  /** 6.1: as Laravel Pulse asks. */
  @Test
  void connectionsAreCounted() {
    try (TestClient second = server.connect()) {
      assertThat(body("/connections", Map.of())).isEqualTo("{\"connections\":2}");
      second.expectSilence();
    }
  }

  private String body(String path, Map<String, String> query) {
    HttpResponse<String> response = api.get(path, query);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    return response.body();
  }
}
