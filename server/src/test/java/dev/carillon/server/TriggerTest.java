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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conformance cases 74 to 77. */
class TriggerTest {
  private TestServer server;
  private TestApi api;

  @BeforeEach
  void start() {
    server = TestServer.start();
    api = server.api();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Case 74. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"e\",\"data\":\"x\",\"channels\":[\"a\",\"b\"]}",
        "{\"name\":\"e\",\"data\":\"x\",\"channel\":\"a\"}",
        "{\"name\":\"e\",\"data\":\"\",\"channels\":[\"a\"]}",
        "{\"data\":\"x\",\"unknown\":{\"a\":[1]},\"name\":\"e\",\"channels\":[\"a\"]}",
        "{\"name\":\"e\",\"data\":\"x\",\"channel\":\"a\",\"socket_id\":null,\"info\":null}",
        "{\"name\":\"App\\\\Events\\\\Shipped\",\"data\":\"x\",\"channel\":\"a\"}"
      })
  void aTriggerIsAcceptedWithAnEmptyObject(String body) {
    HttpResponse<String> response = api.trigger(body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{}");
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
  }

  /** Case 74: each subscriber of each channel gets it, a channel named twice once. */
  @Test
  void anEventGoesToEachOfItsChannelsOnce() {
    try (TestClient both = server.connect().join("a").join("b")) {
      api.trigger("{\"name\":\"e\",\"data\":\"x\",\"channels\":[\"a\",\"b\",\"a\"]}");

      assertThat(both.expectEvent("e").path("channel").asText()).isEqualTo("a");
      assertThat(both.expectEvent("e").path("channel").asText()).isEqualTo("b");
      both.expectSilence();
    }
  }

  /** Laravel's event names have backslashes; the frame repeats them. */
  @Test
  void anEventNameIsRepeatedAsItIs() {
    try (TestClient client = server.connect().join("a")) {
      api.trigger("a", "App\\Events\\Shipped \"ü\"", "x");

      client.expectEvent("App\\Events\\Shipped \"ü\"");
    }
  }

  /** Case 75. */
  @Test
  void theNamedSocketDoesNotGetTheEvent() {
    try (TestClient a = server.connect().join("news");
        TestClient b = server.connect().join("news")) {
      api.trigger(
          "{\"name\":\"e\",\"data\":\"x\",\"channel\":\"news\",\"socket_id\":\""
              + a.socketId().value()
              + "\"}");

      b.expectEvent("e");
      api.trigger("news", "end", "x");
      a.expectEvent("end");
    }
  }

  /** Case 75: an unknown socket has no effect, a malformed one is a mistake. */
  @ParameterizedTest
  @CsvSource({"1.1,200", "nonsense,400", "1.1.1,400", "'',400", "1,400"})
  void aSocketIdMustHaveItsForm(String socketId, int status) {
    try (TestClient client = server.connect().join("news")) {
      HttpResponse<String> response =
          api.trigger(
              "{\"name\":\"e\",\"data\":\"x\",\"channel\":\"news\",\"socket_id\":\""
                  + socketId
                  + "\"}");

      assertThat(response.statusCode()).isEqualTo(status);
      if (status == 200) {
        client.expectEvent("e");
      }
      client.expectSilence();
    }
  }

  /** Case 76. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"name\":\"e\",\"data\":\"x\",\"channels\":[]}",
        "{\"name\":\"e\",\"data\":\"x\"}",
        "{\"name\":\"e\",\"data\":\"x\",\"channels\":\"a\"}",
        "{\"name\":\"e\",\"data\":\"x\",\"channels\":[1]}",
        "{\"name\":\"e\",\"data\":\"x\",\"channels\":[\"a b\"]}",
        "{\"name\":\"e\",\"data\":\"x\",\"channels\":[\"a\",\"\"]}",
        "{\"data\":\"x\",\"channel\":\"a\"}",
        "{\"name\":7,\"data\":\"x\",\"channel\":\"a\"}",
        "{\"name\":\"\",\"data\":\"x\",\"channel\":\"a\"}",
        "{\"name\":\"e\",\"data\":{\"a\":1},\"channel\":\"a\"}",
        "{\"name\":\"e\",\"data\":null,\"channel\":\"a\"}",
        "{\"name\":\"e\",\"channel\":\"a\"}",
        "{\"name\":\"pusher:x\",\"data\":\"x\",\"channel\":\"a\"}",
        "{\"name\":\"pusher_internal:x\",\"data\":\"x\",\"channel\":\"a\"}",
        "{\"name\":\"e\",\"data\":\"x\",\"channel\":\"a\",\"socket_id\":1.1}",
        "{\"name\":\"e\",\"data\":\"x\",\"channel\":\"a\"",
        "{\"name\":\"e\",\"data\":\"x\",\"channel\":\"a\"} x",
        "[]",
        "7",
        "nonsense",
        "\"\"",
        ""
      })
  void whatIsNotAnEventIsRefusedWith400(String body) {
    try (TestClient client = server.connect().join("a")) {
      HttpResponse<String> response = api.trigger(body);

      assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
      assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
      assertThat(response.body()).isNotBlank().endsWith("\n");
      client.expectSilence();
    }
  }

  /** Case 76. */
  @Test
  void anEventMayHave100Channels() {
    assertThat(api.trigger(withChannels(100)).statusCode()).isEqualTo(200);
    assertThat(api.trigger(withChannels(101)).statusCode()).isEqualTo(400);
  }

  /** Case 76. */
  @Test
  void aNameMayHave200Characters() {
    assertThat(api.trigger(named("n".repeat(200))).statusCode()).isEqualTo(200);
    assertThat(api.trigger(named("n".repeat(201))).statusCode()).isEqualTo(400);
  }

  /** Case 76: bytes of the data's content, however it is escaped. */
  @Test
  void dataMayHaveMaxEventSizeBytes() {
    try (TestServer small = TestServer.start(app -> app.maxEventBytes(100))) {
      TestApi limited = small.api();

      assertThat(limited.trigger(withData("x".repeat(100))).statusCode()).isEqualTo(200);
      assertThat(limited.trigger(withData("ü".repeat(50))).statusCode()).isEqualTo(200);
      assertThat(limited.trigger(withData("\\u00fc".repeat(50))).statusCode()).isEqualTo(200);
      assertThat(limited.trigger(withData("\\n".repeat(100))).statusCode()).isEqualTo(200);
      HttpResponse<String> refused = limited.trigger(withData("x".repeat(101)));
      assertThat(refused.statusCode()).isEqualTo(413);
      assertThat(refused.body()).contains("exceeds the allowed maximum (100 bytes)");
      assertThat(limited.trigger(withData("ü".repeat(51))).statusCode()).isEqualTo(413);
    }
  }

  /** Case 76, with the default. */
  @Test
  void dataMayHave102400BytesByDefault() {
    try (TestClient client = server.connect().join("a")) {
      assertThat(api.trigger(withData("x".repeat(102_400))).statusCode()).isEqualTo(200);
      assertThat(client.expectEvent("e").path("data").asText()).hasSize(102_400);
      assertThat(api.trigger(withData("x".repeat(102_401))).statusCode()).isEqualTo(413);
    }
  }

  /** Case 77. */
  @Test
  void infoIsToldOfEachChannel() {
    try (TestClient one = server.connect().join("b");
        TestClient two = server.connect();
        TestClient three = server.connect()) {
      one.joinAs("presence-a", "{\"user_id\":\"1\"}");
      two.joinAs("presence-a", "{\"user_id\":\"2\"}");
      three.joinAs("presence-a", "{\"user_id\":\"2\"}");

      HttpResponse<String> response =
          api.trigger(
              "{\"name\":\"e\",\"data\":\"x\",\"channels\":[\"presence-a\",\"b\",\"c\"],"
                  + "\"info\":\"user_count,subscription_count\"}");

      assertThat(response.body())
          .isEqualTo(
              "{\"channels\":{\"presence-a\":{\"user_count\":2,\"subscription_count\":3},"
                  + "\"b\":{\"subscription_count\":1},\"c\":{\"subscription_count\":0}}}");
    }
  }

  /** Case 77: an attribute that is not known, or none of the channel's kind, is left out. */
  @ParameterizedTest
  @CsvSource({"unknown,'{}'", "'','{}'", "user_count,'{\"channels\":{\"b\":{}}}'"})
  void infoThatAChannelLacksIsLeftOut(String info, String answer) {
    HttpResponse<String> response =
        api.trigger("{\"name\":\"e\",\"data\":\"x\",\"channel\":\"b\",\"info\":\"" + info + "\"}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(answer);
  }

  private static String withChannels(int count) {
    String channels =
        IntStream.range(0, count).mapToObj(i -> "\"c" + i + "\"").collect(Collectors.joining(","));
    return "{\"name\":\"e\",\"data\":\"x\",\"channels\":[" + channels + "]}";
  }

  private static String named(String name) {
    return "{\"name\":\"" + name + "\",\"data\":\"x\",\"channel\":\"a\"}";
  }

  private static String withData(String data) {
    return "{\"name\":\"e\",\"data\":\"" + data + "\",\"channel\":\"a\"}";
  }
}
