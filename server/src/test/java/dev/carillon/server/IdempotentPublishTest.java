package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotentPublishTest {
  private static final Map<String, String> HEADER = Map.of("X-Idempotency-Key", "order-1");

  @Test
  void aRepeatedEventIsDeliveredOnceAndAnsweredTheSame() {
    try (TestServer server = TestServer.start();
        TestClient client = server.connect().join("news")) {
      String body = event("1", ",\"info\":\"subscription_count\",\"idempotency_key\":\"order-1\"");
      HttpResponse<String> first = server.api().trigger(body);
      client.expectEvent("e");
      client.unsubscribe("news").expectSilence();

      HttpResponse<String> second = server.api().trigger(body);

      assertThat(second.statusCode()).isEqualTo(200);
      assertThat(second.body())
          .isEqualTo(first.body())
          .isEqualTo("{\"channels\":{\"news\":{\"subscription_count\":1}}}");
      assertThat(server.metrics()).contains("carillon_idempotent_replays_total{app=\"3\"} 1.0");
    }
  }

  @Test
  void aKeyInTheHeaderIsTheSameAsInTheBody() {
    try (TestServer server = TestServer.start();
        TestClient client = server.connect().join("news")) {
      assertThat(server.api().post("/events", event("1", ""), HEADER).statusCode()).isEqualTo(200);
      assertThat(server.api().post("/events", event("1", ""), HEADER).statusCode()).isEqualTo(200);
      server.api().trigger("news", "end", "x");

      client.expectEvent("e");
      client.expectEvent("end");
    }
  }

  @Test
  void withoutAKeyEveryRequestIsDone() {
    try (TestServer server = TestServer.start();
        TestClient client = server.connect().join("news")) {
      server.api().trigger(event("1", ",\"idempotency_key\":null"));
      server.api().trigger(event("1", ",\"idempotency_key\":null"));

      client.expectEvent("e");
      client.expectEvent("e");
    }
  }

  @Test
  void aBatchIsOneRequest() {
    try (TestServer server = TestServer.start();
        TestClient client = server.connect().join("news")) {
      String item = "{\"name\":\"e\",\"data\":\"1\",\"channel\":\"news\"}";
      String batch = "{\"idempotency_key\":\"k\",\"batch\":[" + item + "," + item + "]}";
      assertThat(server.api().post("/batch_events", batch).statusCode()).isEqualTo(200);
      assertThat(server.api().post("/batch_events", batch).body()).isEqualTo("{}");
      server.api().trigger("news", "end", "x");

      client.expectEvent("e");
      client.expectEvent("e");
      client.expectEvent("end");
    }
  }

  @Test
  void anEventOfABatchHasNoKeyOfItsOwn() {
    try (TestServer server = TestServer.start()) {
      HttpResponse<String> response =
          server
              .api()
              .post(
                  "/batch_events",
                  "{\"batch\":[{\"name\":\"e\",\"data\":\"1\",\"channel\":\"news\","
                      + "\"idempotency_key\":\"k\"}]}");

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body())
          .isEqualTo(
              "Expected idempotency_key beside batch, got one in an event: a batch is one request\n");
    }
  }

  @Test
  void theSameKeyWithAnotherBodyIsRefused() {
    try (TestServer server = TestServer.start();
        TestClient client = server.connect().join("news")) {
      server.api().post("/events", event("1", ""), HEADER);

      HttpResponse<String> response = server.api().post("/events", event("2", ""), HEADER);

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body())
          .startsWith("Idempotency key already used: another request had the key order-1");
      client.expectEvent("e");
      client.expectSilence();
    }
  }

  @Test
  void aRequestThatWasRefusedMayBeMendedUnderItsKey() {
    try (TestServer server = TestServer.start()) {
      assertThat(server.api().post("/events", "{\"name\":\"e\"}", HEADER).statusCode())
          .isEqualTo(400);

      assertThat(server.api().post("/events", event("1", ""), HEADER).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aKeyOfAnotherAppIsAnotherKey() {
    try (TestServer server =
        TestServer.start(
            TestServer.config(),
            TestServer.app().build(),
            TestServer.app().id("4").key("other").build())) {
      server.api().post("/events", event("1", ""), HEADER);
      var other =
          new dev.carillon.server.support.TestApi(
              server.api().address(),
              "",
              "4",
              new dev.carillon.protocol.auth.Credentials("other", TestServer.SECRET));

      assertThat(other.post("/events", event("2", ""), HEADER).statusCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "schlüssel", "a\\u0000"})
  void aKeyThatIsNotValidIsRefused(String key) {
    try (TestServer server = TestServer.start()) {
      HttpResponse<String> response =
          server.api().trigger(event("1", ",\"idempotency_key\":\"" + key + "\""));

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).startsWith("Invalid idempotency key: got ");
    }
  }

  @Test
  void aKeyThatIsTooLongOrOfAnotherTypeIsRefused() {
    try (TestServer server = TestServer.start()) {
      var api = server.api();
      Map<String, String> fits = Map.of("X-Idempotency-Key", "k".repeat(128));
      Map<String, String> longer = Map.of("X-Idempotency-Key", "k".repeat(129));

      assertThat(api.post("/events", event("1", ""), fits).statusCode()).isEqualTo(200);
      assertThat(api.post("/events", event("1", ""), longer).body())
          .isEqualTo("Invalid idempotency key: got 129 characters, allowed are 1 to 128\n");
      assertThat(api.trigger(event("1", ",\"idempotency_key\":7")).body())
          .isEqualTo("Expected idempotency_key parameter to be a string, got a number\n");
      assertThat(api.post("/events", event("1", ",\"idempotency_key\":\"b\""), HEADER).body())
          .isEqualTo(
              "Invalid idempotency key: got order-1 in the header and b in the body, allowed is one"
                  + " key\n");
    }
  }

  /** Which of two is meant is not for us to guess. */
  @Test
  void twoHeadersAreRefused() {
    try (TestServer server = TestServer.start()) {
      HttpResponse<String> response =
          server
              .api()
              .post(
                  "/events",
                  event("1", ""),
                  Map.of("X-Idempotency-Key", "order-1", "x-idempotency-key", "order-2"));

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body())
          .isEqualTo("Invalid idempotency key: got 2 headers, allowed is one key\n");
    }
  }

  @Test
  void ofManyAtOnceOneIsDelivered() throws Exception {
    try (TestServer server = TestServer.start();
        TestClient client = server.connect().join("news")) {
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        answers.add(
            CompletableFuture.supplyAsync(
                () -> server.api().post("/events", event("1", ""), HEADER)));
      }
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("{}");
      }
      server.api().trigger("news", "end", "x");

      client.expectEvent("e");
      client.expectEvent("end");
    }
  }

  private static String event(String data, String more) {
    return "{\"name\":\"e\",\"data\":\"" + data + "\",\"channel\":\"news\"" + more + "}";
  }
}
