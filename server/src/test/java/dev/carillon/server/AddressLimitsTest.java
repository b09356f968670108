package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.config.Cidr;
import dev.carillon.server.config.ServerConfig;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AddressLimitsTest {
  private static final String APP = "/app/" + TestServer.KEY + "?protocol=7";

  @Test
  void handshakesAboveTheLimitAreRefusedWith4100() {
    try (TestServer server = start(TestServer.config().toBuilder().handshakesPerMinute(2))) {
      server.connect().close();
      assertThat(server.open("/app/unknown").expectError().path("code").asInt()).isEqualTo(4001);

      try (TestClient third = server.open(APP)) {
        JsonNode error = third.expectError();
        assertThat(error.path("code").asInt()).isEqualTo(4100);
        assertThat(error.path("message").asText())
            .isEqualTo("Too many connections from this address at once");
        assertThat(third.closeCode()).isEqualTo(4100);
      }
      assertThat(server.metrics())
          .contains("carillon_address_refusals_total{limit=\"handshakes\"} 1.0");
      assertThat(server.api().get("/channels").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void behindATrustedProxyEachClientHasItsOwnLimit() {
    try (TestServer server =
        start(
            TestServer.config().toBuilder()
                .trustedProxies(List.of(Cidr.parse("127.0.0.1").orElseThrow()))
                .handshakesPerMinute(1))) {
      assertThat(firstEvent(server, "203.0.113.1")).isEqualTo("pusher:connection_established");
      assertThat(firstEvent(server, "203.0.113.2")).isEqualTo("pusher:connection_established");
      assertThat(firstEvent(server, "203.0.113.1")).isEqualTo("pusher:error");
    }
  }

  private static String firstEvent(TestServer server, String address) {
    try (RawClient client = RawClient.open(server.port())) {
      client.send(
          RawClient.handshake(APP).replace("Host:", "X-Forwarded-For: " + address + "\r\nHost:"));
      client.readHead();
      return TestClient.json(client.expect(RawClient.TEXT).text()).path("event").asText();
    }
  }

  @Test
  void whoSignsWronglyTooOftenIsAnswered429AlsoWhenRight() {
    try (TestServer server = start(TestServer.config().toBuilder().failedSignaturesPerMinute(2))) {
      String unsigned = "/apps/3/channels?auth_key=" + TestServer.KEY;
      assertThat(server.api().send("GET", unsigned, "").statusCode()).isEqualTo(401);
      assertThat(server.api().get("/channels").statusCode()).isEqualTo(200);
      assertThat(server.api().send("GET", unsigned, "").statusCode()).isEqualTo(401);

      HttpResponse<String> response = server.api().get("/channels");

      assertThat(response.statusCode()).isEqualTo(429);
      assertThat(response.body())
          .matches("Too many failed signatures from this address, try again in \\d+ s\n");
      int retryAfter = Integer.parseInt(response.headers().firstValue("retry-after").orElseThrow());
      assertThat(retryAfter).isBetween(1, 30);
      assertThat(server.metrics())
          .contains("carillon_address_refusals_total{limit=\"failed_signatures\"} 1.0");
    }
  }

  @Test
  void otherMistakesAreNoFailedSignatures() {
    try (TestServer server = start(TestServer.config().toBuilder().failedSignaturesPerMinute(1))) {
      assertThat(server.api().trigger("{}").statusCode()).isEqualTo(400);
      assertThat(server.api().send("GET", "/apps/9/channels", "").statusCode()).isEqualTo(404);

      assertThat(server.api().get("/channels").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void subscriptionsCountTooAndPublicChannelsStayOpen() {
    try (TestServer server = start(TestServer.config().toBuilder().failedSignaturesPerMinute(1));
        TestClient client = server.connect()) {
      client.subscribe("private-a", TestServer.KEY + ":" + "0".repeat(64), null);
      assertThat(type(client)).isEqualTo("AuthError");

      client.subscribeSigned("private-a", null);

      assertThat(type(client)).isEqualTo("LimitReached");
      client.join("news");
      assertThat(server.api().get("/channels").statusCode()).isEqualTo(429);
    }
  }

  @Test
  void signInsCountTooAndTheConnectionStays() {
    try (TestServer server = start(TestServer.config().toBuilder().failedSignaturesPerMinute(1));
        TestClient client = server.connect()) {
      client.signin(TestServer.KEY + ":" + "0".repeat(64), "{\"id\":\"u1\"}").expectError();

      client.signinSigned("{\"id\":\"u1\"}");

      JsonNode error = client.expectError();
      assertThat(error.path("code").isNull()).isTrue();
      assertThat(error.path("message").asText())
          .startsWith("Too many failed signatures from this address");
      client.join("news");
    }
  }

  private static String type(TestClient client) {
    String type =
        client.expectEvent("pusher:subscription_error").path("data").path("type").asText();
    client.expectError();
    return type;
  }

  @Test
  void behindATrustedProxyFailuresAreTheClients() {
    try (TestServer server =
        start(
            TestServer.config().toBuilder()
                .trustedProxies(List.of(Cidr.parse("127.0.0.0/8").orElseThrow()))
                .failedSignaturesPerMinute(1))) {
      Map<String, String> attacker = Map.of("X-Forwarded-For", "203.0.113.1");
      String unsigned = "/apps/3/channels?auth_key=" + TestServer.KEY;
      assertThat(server.api().send("GET", unsigned, "", attacker).statusCode()).isEqualTo(401);
      assertThat(server.api().send("GET", unsigned, "", attacker).statusCode()).isEqualTo(429);

      assertThat(server.api().get("/channels").statusCode()).isEqualTo(200);
    }
  }

  private static TestServer start(ServerConfig.Builder config) {
    return TestServer.start(config.build(), TestServer.app().build());
  }
}
