package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.support.TestApi;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conformance cases 78 and 79. */
class BatchTest {
  private static final String VALID = "{\"channel\":\"a\",\"name\":\"e\",\"data\":\"1\"}";

  private TestServer server;
  private TestApi api;
  private TestClient client;

  @BeforeEach
  void start() {
    server = TestServer.start();
    api = server.api();
    client = server.connect().join("a");
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  /** Case 78. */
  @Test
  void tenEventsAreDeliveredInTheirOrder() {
    HttpResponse<String> response = batch(events(10));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{}");
    for (int i = 0; i < 10; i++) {
      client.expectEvent("e" + i);
    }
    client.expectSilence();
  }

  /** Case 78. */
  @Test
  void elevenEventsAreRefusedAndNoneIsDelivered() {
    HttpResponse<String> response = batch(events(11));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).isEqualTo("Batch too large (11 > 10)\n");
    client.expectSilence();
  }

  /** Case 78. */
  @Test
  void infoIsToldWhereItWasAskedFor() {
    client.joinAs("presence-a", "{\"user_id\":\"1\"}");
    try (TestClient other = server.connect()) {
      other.joinAs("presence-a", "{\"user_id\":\"2\"}");

      HttpResponse<String> response =
          batch(
              VALID
                  + ",{\"channel\":\"presence-a\",\"name\":\"e\",\"data\":\"2\","
                  + "\"info\":\"user_count\"},"
                  + VALID);

      assertThat(response.body()).isEqualTo("{\"batch\":[{},{\"user_count\":2},{}]}");
    }
  }

  /** 6.4: each event may leave out another socket. */
  @Test
  void eachEventHasItsOwnExcludedSocket() {
    batch(
        "{\"channel\":\"a\",\"name\":\"e\",\"data\":\"1\",\"socket_id\":\""
            + client.socketId()
            + "\"},{\"channel\":\"a\",\"name\":\"f\",\"data\":\"2\"}");

    client.expectEvent("f");
    client.expectSilence();
  }

  /** Case 79. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"channel\":\"a\",\"name\":\"e\"}",
        "{\"channel\":\"a b\",\"name\":\"e\",\"data\":\"1\"}",
        "{\"channels\":[\"a\"],\"name\":\"e\",\"data\":\"1\"}",
        "{\"channel\":\"a\",\"name\":\"e\",\"data\":{}}",
        "{\"channel\":\"a\",\"name\":\"pusher:e\",\"data\":\"1\"}",
        "{\"channel\":\"a\",\"name\":\"e\",\"data\":\"1\",\"socket_id\":\"x\"}",
        "{}",
        "[]",
        "7",
        "null"
      })
  void oneInvalidEventRefusesAllOfThem(String invalid) {
    HttpResponse<String> response = batch(VALID + "," + invalid + "," + VALID);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    client.expectSilence();
  }

  /** Case 79: too large an event, too. */
  @Test
  void oneTooLargeEventRefusesAllOfThem() {
    String large = VALID.replace("\"1\"", "\"" + "x".repeat(102_401) + "\"");

    assertThat(batch(VALID + "," + large).statusCode()).isEqualTo(413);
    client.expectSilence();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"batch\":[]}", "{\"batch\":{}}", "{\"batch\":null}", "[]", "nonsense"})
  void whatIsNotABatchIsRefused(String body) {
    assertThat(api.post("/batch_events", body).statusCode()).isEqualTo(400);
  }

  private HttpResponse<String> batch(String events) {
    return api.post("/batch_events", "{\"batch\":[" + events + "]}");
  }

  private static String events(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"channel\":\"a\",\"name\":\"e" + i + "\",\"data\":\"x\"}")
        .collect(Collectors.joining(","));
  }
}
