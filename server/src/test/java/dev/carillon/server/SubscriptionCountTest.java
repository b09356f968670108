package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.support.SingleNode;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many are subscribed, told over the WebSocket. */
class SubscriptionCountTest {
  private static final String COUNT =
      "{\"event\":\"pusher_internal:subscription_count\",\"channel\":\"%s\","
          + "\"data\":\"{\\\"subscription_count\\\":%d}\"}";

  @ParameterizedTest
  @ValueSource(strings = {"news", "private-a"})
  void allAreToldWhenSomebodyComesOrGoes(String channel) {
    try (TestServer server = counting();
        TestClient alice = server.connect().join(channel);
        TestClient bob = server.connect()) {
      assertThat(alice.nextText()).isEqualTo(COUNT.formatted(channel, 1));

      bob.join(channel);
      assertThat(bob.nextText()).isEqualTo(COUNT.formatted(channel, 2));
      assertThat(alice.nextText()).isEqualTo(COUNT.formatted(channel, 2));

      bob.unsubscribe(channel);
      assertThat(alice.nextText()).isEqualTo(COUNT.formatted(channel, 1));

      bob.join(channel);
      assertThat(alice.nextText()).isEqualTo(COUNT.formatted(channel, 2));
      bob.abort();
      assertThat(alice.nextText()).isEqualTo(COUNT.formatted(channel, 1));
    }
  }

  @Test
  void theCountComesAfterTheKeptEvent() {
    try (TestServer server = counting();
        TestClient client = server.connect()) {
      server.api().trigger("cache-a", "update", "x");

      client.join("cache-a").expectEvent("update");

      assertThat(client.nextText()).isEqualTo(COUNT.formatted("cache-a", 1));
      client.expectSilence();
    }
  }

  @Test
  void subscribingAgainIsNoChange() {
    try (TestServer server = counting();
        TestClient client = server.connect().join("news")) {
      client.expectEvent("pusher_internal:subscription_count");

      client.join("news").expectSilence();
      client.unsubscribe("other").expectSilence();
    }
  }

  /** Java's client would try to decrypt the count of an encrypted channel. */
  @Test
  void presenceAndEncryptedChannelsAreNotTold() {
    try (TestServer server = counting();
        TestClient client = server.connect()) {
      client.joinAs("presence-a", "{\"user_id\":\"7\"}");
      client.expectSilence();
      client.join("private-encrypted-a").expectSilence();
      client.join("private-encrypted-cache-a").expectEvent("pusher:cache_miss");
      client.expectSilence();
    }
  }

  @Test
  void nobodyIsToldUnlessTheAppWantsIt() {
    try (TestServer server = TestServer.start();
        TestClient client = server.connect().join("news")) {
      client.expectSilence();
    }
  }

  /** Of 130 the last 30 come within a pause or two; SubscriptionCounterTest has the end of one. */
  @SingleNode
  @Test
  void manyAreNotToldOfEachChange() {
    try (TestServer server = counting();
        TestClient observer = server.connect().join("news")) {
      List<TestClient> crowd = new ArrayList<>();
      for (int i = 0; i < 129; i++) {
        crowd.add(server.connect().subscribe("news"));
        crowd.get(i).expectEvent("pusher_internal:subscription_succeeded");
      }
      server.api().trigger("news", "end", "x");

      List<String> events = new ArrayList<>();
      while (!events.contains("end")) {
        events.add(observer.next().path("event").asText());
      }

      assertThat(events).hasSizeBetween(102, 115);
      crowd.forEach(TestClient::close);
    }
  }

  private static TestServer counting() {
    return TestServer.start(app -> app.subscriptionCount(true));
  }
}
