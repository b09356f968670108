package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conformance cases 1 to 12. */
class HandshakeTest {
  private static final String APP = "/app/" + TestServer.KEY;

  /** Case 1. */
  @Test
  void theFirstFrameTellsTheSocketIdAndTheActivityTimeout() {
    try (TestServer server = TestServer.start();
        TestClient client = server.open(APP + "?protocol=7&client=js&version=8.6.0&flash=false")) {
      JsonNode frame = client.expectEvent("pusher:connection_established");

      assertThat(frame.path("data").isTextual()).isTrue();
      JsonNode data = TestClient.json(frame.path("data").asText());
      assertThat(data.path("socket_id").asText()).matches("\\d+\\.\\d+");
      assertThat(data.path("activity_timeout").asInt()).isEqualTo(120);
      assertThat(frame.size()).isEqualTo(2);
    }
  }

  /** Case 2; by ten connections here, and by 10 000 ids in the protocol's SocketIdsTest. */
  @Test
  void allSocketIdsDiffer() {
    try (TestServer server = TestServer.start()) {
      Set<String> ids = new HashSet<>();
      for (int i = 0; i < 10; i++) {
        try (TestClient client = server.connect()) {
          ids.add(client.socketId().value());
        }
      }

      assertThat(ids).hasSize(10);
    }
  }

  /** Case 3. */
  @Test
  void anUnknownKeyIsRefusedWithAnErrorFrameAnd4001() {
    try (TestServer server = TestServer.start()) {
      assertRefused(server.open("/app/nope?protocol=7"), 4001);
    }
  }

  /** Case 4. */
  @Test
  void aDisabledAppIsRefusedWith4003() {
    try (TestServer server = TestServer.start(app -> app.enabled(false))) {
      assertRefused(server.open(APP), 4003);
    }
  }

  /** Case 5. */
  @Test
  void aConnectionOverTheAppsQuotaIsRefusedWith4004UntilAnotherEnds() {
    try (TestServer server = TestServer.start(app -> app.maxConnections(1))) {
      TestClient first = server.connect();
      assertRefused(server.open(APP), 4004);
      first.close();
      assertThat(first.closeCode()).isEqualTo(1000);

      server.connect().close();
    }
  }

  /** Case 6. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "?protocol=5&client=java-client&version=2.4.4",
        "",
        "?protocol=4",
        "?protocol=999",
        "?version=not-one"
      })
  void oldNewAndMissingProtocolVersionsAreAccepted(String query) {
    try (TestServer server = TestServer.start()) {
      server.open(APP + query).established().close();
    }
  }

  /** Case 6. */
  @ParameterizedTest
  @ValueSource(strings = {"2", "abc", "", "-7", "7.0", "99999999999"})
  void aProtocolVersionThatIsNotSpokenIsRefusedWith4007(String version) {
    try (TestServer server = TestServer.start()) {
      assertRefused(server.open(APP + "?protocol=" + version), 4007);
    }
  }

  /** Case 7. */
  @Test
  void aPlainConnectionToATlsOnlyAppIsRefusedWith4000() {
    try (TestServer server = TestServer.start(app -> app.forceTls(true))) {
      assertRefused(server.open(APP), 4000);
    }
  }

  /** Case 8. */
  @Test
  void anUnknownPathIsNotFound() {
    try (TestServer server = TestServer.start()) {
      assertThat(server.api().send("GET", "/nope", "").statusCode()).isEqualTo(404);
    }
  }

  /** Case 8: the path without a key. */
  @ParameterizedTest
  @ValueSource(strings = {"/app/", "/app"})
  void aPathWithoutAKeyIsRefusedWith4005(String path) {
    try (TestServer server = TestServer.start()) {
      assertRefused(server.open(path), 4005);
    }
  }

  /** Case 9. */
  @Test
  void theWebSocketAddressWithoutAnUpgradeAnswers426() {
    try (TestServer server = TestServer.start()) {
      HttpResponse<String> response = server.api().send("GET", APP, "");

      assertThat(response.statusCode()).isEqualTo(426);
      assertThat(response.body()).contains("WebSocket");
    }
  }

  /** As Firefox sends it. */
  @Test
  void theConnectionHeaderMayHaveSeveralWords() {
    try (TestServer server = TestServer.start();
        RawClient client = RawClient.open(server.port())) {
      client.send(
          RawClient.handshake(APP)
              .replace("Connection: Upgrade", "Connection: keep-alive, Upgrade")
              .replace("Upgrade: websocket", "Upgrade: WebSocket"));

      assertThat(client.readHead())
          .startsWith("HTTP/1.1 101 ")
          .containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      client.expectEvent("pusher:connection_established");
    }
  }

  /** Case 10. */
  @Test
  void anOriginThatIsNotAllowedIsRefusedWith4009() {
    try (TestServer server =
        TestServer.start(app -> app.allowedOrigins(List.of("example.com", "*.example.org")))) {
      String address = server.webSocket(APP);

      assertRefused(TestClient.open(address, "https://evil.test"), 4009);
      assertRefused(TestClient.open(address, "https://example.com.evil.test"), 4009);
      TestClient.open(address, "https://example.com").established().close();
      TestClient.open(address, "https://a.Example.org:8443").established().close();
      TestClient.open(address).established().close();
    }
  }

  /** Case 12. */
  @Test
  void thePathPrefixStandsBeforeAllPathsAndInNoSignature() {
    try (TestServer server =
        TestServer.start(
            TestServer.config().toBuilder().path("/ws").build(), TestServer.app().build())) {
      TestClient client = server.open("/ws" + APP).established().join("news");
      var api =
          new dev.carillon.server.support.TestApi(
              server.api().address(), "/ws", "3", TestServer.CREDENTIALS);

      api.trigger("news", "e", "x");

      assertThat(client.next().path("event").asText()).isEqualTo("e");
      assertThat(server.api().get("/channels").statusCode()).isEqualTo(404);
      client.close();
    }
  }

  private static void assertRefused(TestClient client, int code) {
    JsonNode error = client.expectError();
    assertThat(error.path("code").asInt()).isEqualTo(code);
    assertThat(error.path("message").asText()).isNotEmpty();
    assertThat(client.closeCode()).isEqualTo(code);
  }
}
