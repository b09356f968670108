package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conformance cases 19 to 30. */
class PublicChannelTest {
  private static final String ACK =
      "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"news\",\"data\":\"{}\"}";

  private TestServer server;
  private TestClient client;

  @BeforeEach
  void connect() {
    server = TestServer.start();
    client = server.connect();
  }

  @AfterEach
  void disconnect() {
    client.close();
    server.close();
  }

  /** Cases 19 and 20; the last is what hand-written clients send. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"event\":\"pusher:subscribe\",\"data\":{\"auth\":\"\",\"channel\":\"news\"}}",
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"news\"}}",
        "{\"event\":\"pusher:subscribe\",\"data\":\"{\\\"channel\\\":\\\"news\\\"}\"}",
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"news\",\"channel_data\":null}}"
      })
  void aSubscriptionIsAcknowledged(String subscribe) {
    client.send(subscribe);

    assertThat(client.nextText()).isEqualTo(ACK);
  }

  /** Case 21. */
  @Test
  void anEventArrivesWithItsDataAsTheStringThatWasTriggered() {
    client.join("news");

    server.api().trigger("news", "e", "{\"a\":1}");

    assertThat(client.nextText())
        .isEqualTo("{\"event\":\"e\",\"channel\":\"news\",\"data\":\"{\\\"a\\\":1}\"}");
  }

  /** Case 22. */
  @ParameterizedTest
  @ValueSource(strings = {"plain text", "", "1.50", "ü€😀", "\"", "\u2028"})
  void dataThatIsNotJsonArrivesAsItIs(String data) {
    client.join("news");

    server.api().trigger("news", "e", data);

    assertThat(client.expectEvent("e").path("data").asText()).isEqualTo(data);
  }

  /** Case 23. */
  @Test
  void subscribingTwiceIsAcknowledgedTwiceAndDeliveredOnce() {
    client.join("news").join("news");

    server.api().trigger("news", "e", "x");

    client.expectEvent("e");
    client.expectSilence();
  }

  /** Case 24. */
  @Test
  void unsubscribingIsSilentAndEndsTheEvents() {
    client.join("news");

    client.unsubscribe("news").expectSilence();
    server.api().trigger("news", "e", "x");
    client.expectSilence();
    client.unsubscribe("news").unsubscribe("never").unsubscribe("a b").expectSilence();
  }

  /** Case 25. */
  @Test
  void unsubscribingAndSubscribingAgainAcknowledgesOnceAndEventsFlow() {
    client.join("news");

    client.unsubscribe("news").subscribe("news");

    assertThat(client.nextText()).isEqualTo(ACK);
    server.api().trigger("news", "e", "x");
    client.expectEvent("e");
    client.expectSilence();
  }

  /** Cases 26 and 27. */
  @ParameterizedTest
  @ValueSource(strings = {"a b", "ü", "#anything", "#server-to-user-", "a:b", "a/b", "a\\b", "a\n"})
  void anInvalidNameIsRefusedAndTheSocketStays(String name) {
    client.subscribe(name);

    JsonNode error = client.expectEvent("pusher:subscription_error");
    assertThat(error.path("channel").asText()).isEqualTo(name);
    assertThat(error.path("data").path("type").asText()).isEqualTo("ChannelNameInvalid");
    assertThat(error.path("data").path("status").asInt()).isEqualTo(400);
    assertThat(client.expectError().path("code").isNull()).isTrue();
    client.join("news").expectSilence();
  }

  /** Case 26. */
  @Test
  void aNameMayHave200CharactersAndNoMore() {
    client.join("n".repeat(200));

    client.subscribe("n".repeat(201));

    client.expectEvent("pusher:subscription_error");
    client.expectError();
    client.expectSilence();
  }

  /** Case 65 in part: nobody is signed in yet. */
  @Test
  void aUsersOwnChannelIsRefused() {
    client.subscribe("#server-to-user-u1");

    client.expectEvent("pusher:subscription_error");
    client.expectError();
    client.expectSilence();
  }

  /** 4.1: an app may allow what Laravel Reverb allows. */
  @ParameterizedTest
  @ValueSource(strings = {"a b", "ü€😀", "a:b/c\\d", "\"q\""})
  void anAppMayAllowAnyPrintableName(String name) {
    try (TestServer relaxed = TestServer.start(app -> app.relaxedChannelNames(true));
        TestClient subscriber = relaxed.connect().join(name)) {
      relaxed.api().trigger(name, "e", "x");

      assertThat(subscriber.expectEvent("e").path("channel").asText()).isEqualTo(name);
      String path = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
      assertThat(relaxed.api().get("/channels/" + path).body()).isEqualTo("{\"occupied\":true}");
    }
  }

  /** Case 28. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"event\":\"pusher:subscribe\",\"data\":{}}",
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"\"}}",
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":7}}",
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":null}}",
        "{\"event\":\"pusher:subscribe\"}",
        "{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"\"}}"
      })
  void aSubscriptionWithoutAChannelIsAnErrorAndOpensNone(String subscribe) {
    client.send(subscribe);

    assertThat(client.expectError().path("code").isNull()).isTrue();
    assertThat(server.api().get("/channels").body()).isEqualTo("{\"channels\":{}}");
    client.expectSilence();
  }

  /** Case 29. */
  @Test
  void aMalformedFrameIsAnErrorAndTheSocketStays() {
    client.send("{not json");

    assertThat(client.nextText())
        .isEqualTo(
            "{\"event\":\"pusher:error\",\"data\":"
                + "{\"code\":null,\"message\":\"Invalid message format\"}}");
    client.join("news");
  }

  /** Case 30. */
  @ParameterizedTest
  @ValueSource(strings = {"pusher:unknown", "pusher_internal:member_added", "hello", ""})
  void anUnknownEventIsIgnored(String event) {
    client.send("{\"event\":\"" + event + "\",\"channel\":\"news\",\"data\":{}}");

    client.expectSilence();
  }

  /** Binary frames are read as text. */
  @Test
  void aBinaryMessageIsReadAsText() {
    client.sendBinary(
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"news\"}}".getBytes());

    assertThat(client.nextText()).isEqualTo(ACK);
  }

  /** A message in two frames is one message. */
  @Test
  void aMessageInPartsIsReadAsOne() {
    client.sendInParts("{\"event\":\"pusher:subscribe\",", "\"data\":{\"channel\":\"news\"}}");

    assertThat(client.nextText()).isEqualTo(ACK);
  }
}
