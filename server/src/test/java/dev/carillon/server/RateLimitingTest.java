package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.config.RateLimiting;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitingTest {
  private static final String PING = "{\"event\":\"pusher:ping\",\"data\":{}}";
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void messagesAboveTheLimitAreRefusedAndTheConnectionStays() {
    try (TestServer server = limited(new RateLimiting(true, 3, MINUTE, false));
        TestClient client = server.connect()) {
      client.subscribe("news").expectEvent("pusher_internal:subscription_succeeded");
      client.send("no JSON").expectError();
      client.send(PING).expectEvent("pusher:pong");

      for (int i = 0; i < 2; i++) {
        JsonNode error = client.send(PING).expectError();
        assertThat(error.path("code").asInt()).isEqualTo(4301);
        assertThat(error.path("message").asText()).isEqualTo("Rate limit exceeded");
      }

      server.api().trigger("news", "e", "x");
      client.expectEvent("e");
      assertThat(server.metrics()).contains("carillon_rate_limited_messages_total{app=\"3\"} 2.0");
    }
  }

  @Test
  void aConnectionIsClosedSoThatItsClientComesBackLater() {
    try (TestServer server = limited(new RateLimiting(true, 2, MINUTE, true));
        TestClient client = server.connect()) {
      client.send(PING).send(PING).send(PING); // a fourth may meet the close
      client.expectEvent("pusher:pong");
      client.expectEvent("pusher:pong");

      assertThat(client.expectError().path("code").asInt()).isEqualTo(4301);
      assertThat(client.closeCode()).isEqualTo(4100);
    }
  }

  @Test
  void theCountBeginsAgainWhenItsTimeIsOver() {
    try (TestServer server = limited(new RateLimiting(true, 1, Duration.ofSeconds(1), false));
        TestClient client = server.connect()) {
      client.send(PING).expectEvent("pusher:pong");
      client.send(PING).expectError();

      Await.until(
          "a pong again",
          () -> client.send(PING).next().path("event").asText().equals("pusher:pong"));
    }
  }

  @Test
  void oneConnectionsMessagesAreNotAnothers() {
    try (TestServer server = limited(new RateLimiting(true, 1, MINUTE, false));
        TestClient one = server.connect();
        TestClient other = server.connect()) {
      one.send(PING).expectEvent("pusher:pong");

      other.send(PING).expectEvent("pusher:pong");
    }
  }

  @Test
  void withoutItThereIsNoLimit() {
    try (TestServer server = limited(new RateLimiting(false, 1, MINUTE, true));
        TestClient client = server.connect()) {
      for (int i = 0; i < 100; i++) {
        client.send(PING).expectEvent("pusher:pong");
      }
    }
  }

  private static TestServer limited(RateLimiting limit) {
    return TestServer.start(app -> app.rateLimiting(limit));
  }
}
