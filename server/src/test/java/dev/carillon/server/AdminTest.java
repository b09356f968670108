package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.support.Await;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.SingleNode;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The operators' port. */
class AdminTest {
  @ParameterizedTest
  @CsvSource({
    "GET,/live,200,OK",
    "GET,/ready,200,OK",
    "GET,/nothing,404,'Not found, there are /metrics, /ready and /live'",
    "GET,/up,404,'Not found, there are /metrics, /ready and /live'",
    "POST,/live,405,'Method not allowed, allowed are GET, HEAD'",
    "DELETE,/metrics,405,'Method not allowed, allowed are GET, HEAD'"
  })
  void eachPathHasItsAnswer(String method, String path, int status, String text) {
    try (TestServer server = TestServer.start()) {
      HttpResponse<String> response = server.admin().send(method, path, "");

      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(response.body()).isEqualTo(text + "\n");
      if (status == 405) {
        assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
      }
    }
  }

  @Test
  void aBalancerMayAskByHead() {
    try (TestServer server = TestServer.start()) {
      HttpResponse<String> response = server.admin().send("HEAD", "/ready", "");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Length")).contains("3");
    }
  }

  @Test
  void whatHappensIsCounted() {
    try (TestServer server = TestServer.start();
        TestClient client = server.connect().join("news").join("private-a");
        TestClient other = server.connect().join("private-a")) {
      client.joinAs("presence-a", "{\"user_id\":\"7\"}");
      server.api().trigger("news", "e", "x");
      client.expectEvent("e");
      client.send("{\"event\":\"client-x\",\"channel\":\"private-a\",\"data\":{}}");
      other.expectEvent("client-x");
      client.send("{");
      client.expectError();
      try (TestClient refused = server.open("/app/nope")) {
        assertThat(refused.expectError().path("code").asInt()).isEqualTo(4001);
      }

      assertThat(server.metrics().lines())
          .contains(
              "carillon_connections{app=\"3\"} 2.0",
              "carillon_channels{app=\"3\",type=\"public\"} 1.0",
              "carillon_channels{app=\"3\",type=\"private\"} 1.0",
              "carillon_subscriptions{app=\"3\",type=\"public\"} 1.0",
              "carillon_subscriptions{app=\"3\",type=\"private\"} 2.0",
              "carillon_subscriptions{app=\"3\",type=\"presence\"} 1.0",
              "carillon_events_total{app=\"3\",source=\"api\"} 1.0",
              "carillon_events_total{app=\"3\",source=\"client\"} 1.0",
              "carillon_refusals_total{app=\"3\",code=\"none\"} 1.0",
              "carillon_handshakes_total 2.0",
              "carillon_handshakes_refused_total{code=\"4001\"} 1.0",
              "carillon_slow_consumers_total 0.0");
    }
  }

  /** The sender of a client event and whoever is left out get none: they are no deliveries. */
  @Test
  void deliveriesAreWhatIsWrittenToSubscribers() {
    try (TestServer server = TestServer.start();
        TestClient sender = server.connect().join("private-a");
        TestClient receiver = server.connect().join("private-a")) {
      sender.send("{\"event\":\"client-x\",\"channel\":\"private-a\",\"data\":{}}");
      receiver.expectEvent("client-x");
      server.api().trigger("private-a", "e", "x");
      sender.expectEvent("e");
      receiver.expectEvent("e");

      assertThat(server.metrics().lines()).contains("carillon_deliveries_total{app=\"3\"} 3.0");
    }
  }

  @SingleNode
  @ParameterizedTest
  @ValueSource(
      strings = {
        "carillon_delivered_bytes_total",
        "carillon_cache_events",
        "carillon_cache_size_bytes",
        "carillon_cache_evictions_total{limit=\"bytes\"}",
        "carillon_cache_misses_total",
        "carillon_event_loop_lag_seconds",
        "jvm_memory_used_bytes",
        "jvm_threads_live_threads",
        "process_uptime_seconds",
        "netty_allocator_memory_used"
      })
  void theMetricsHave(String name) {
    try (TestServer server = TestServer.start()) {
      HttpResponse<String> response = server.admin().send("GET", "/metrics", "");

      assertThat(response.headers().firstValue("Content-Type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      assertThat(response.body().lines()).anyMatch(line -> line.startsWith(name));
    }
  }

  /** What was counted up for a connection is counted down when it ends. */
  @Test
  void gaugesGoBackToZero() {
    try (TestServer server = TestServer.start()) {
      TestClient client = server.connect().join("news");
      client.joinAs("presence-a", "{\"user_id\":\"7\"}");
      client.subscribe("private-a");
      client.expectEvent("pusher:subscription_error");
      client.close();
      assertThat(client.untilClosed()).hasSize(1);

      Await.until(
          "the connection is counted out",
          () -> server.metrics().contains("carillon_connections{app=\"3\"} 0.0"));
      assertThat(server.metrics().lines())
          .filteredOn(line -> line.matches("carillon_(channels|subscriptions)\\{.*"))
          .isNotEmpty()
          .allMatch(line -> line.endsWith(" 0.0"));
    }
  }

  @Test
  void withATokenOnlyItsBearerIsAnswered() {
    try (TestServer server = TestServer.startWithAdminToken("operators-only")) {
      assertThat(as(server, ""))
          .startsWith("HTTP/1.1 401")
          .containsIgnoringCase("\r\nwww-authenticate: Bearer\r\n");
      assertThat(as(server, "Authorization: Bearer wrong\r\n")).startsWith("HTTP/1.1 401");
      assertThat(as(server, "Authorization: operators-only\r\n")).startsWith("HTTP/1.1 401");
      assertThat(as(server, "Authorization: bearer operators-only\r\n")).startsWith("HTTP/1.1 200");
      assertThat(as(server, "Authorization: Bearer operators-only\r\n"))
          .startsWith("HTTP/1.1 200")
          .contains("carillon_connections");
    }
  }

  private static String as(TestServer server, String headers) {
    try (RawClient client = RawClient.open(server.server().adminPort())) {
      return client.send("GET /metrics HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n").readAnswer();
    }
  }

  @Test
  void whatIsNotHttpIsAnsweredWith400AndTheEnd() {
    try (TestServer server = TestServer.start();
        RawClient client = RawClient.open(server.server().adminPort())) {
      client.send("nonsense\r\n\r\n");

      assertThat(client.readAnswer()).contains(" 400 ");
      client.expectEnd();
    }
  }
}
