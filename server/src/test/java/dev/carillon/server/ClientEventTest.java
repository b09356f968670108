package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.protocol.auth.Credentials;
import dev.carillon.server.config.ClientEventsFrom;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.TestApi;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conformance cases 55 to 61. */
class ClientEventTest {
  private static final String ROOM = "private-a";

  private TestServer server;
  private TestClient alice;
  private TestClient bob;

  @BeforeEach
  void connect() {
    server = TestServer.start();
    alice = server.connect().join(ROOM);
    bob = server.connect().join(ROOM);
  }

  @AfterEach
  void disconnect() {
    alice.close();
    bob.close();
    server.close();
  }

  /** Cases 55 and 56: data passes through as it was written. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"data\":{\"a\":1}",
        ",\"data\":\"str\"",
        ",\"data\":{}",
        ",\"data\":[]",
        ",\"data\":null",
        ",\"data\":true",
        ",\"data\":12345678901234567890",
        ",\"data\":1.50",
        ",\"data\":\"\\u00fc\\/\"",
        ",\"data\":{ \"a\" : [ 1 , 2 ] }",
        ""
      })
  void theOtherSubscriberGetsTheDataAsItWasSent(String data) {
    String event = "{\"event\":\"client-x\",\"channel\":\"private-a\"" + data + "}";

    alice.send(event);

    assertThat(bob.nextText()).isEqualTo(event);
    alice.expectSilence();
  }

  /** Case 57. */
  @Test
  void onAPresenceChannelTheSendersUserIdIsAdded() {
    alice.joinAs("presence-a", "{\"user_id\":7}");
    bob.joinAs("presence-a", "{\"user_id\":\"8\"}");

    alice.send("{\"event\":\"client-x\",\"channel\":\"presence-a\",\"data\":{},\"user_id\":\"9\"}");

    assertThat(bob.nextText())
        .isEqualTo(
            "{\"event\":\"client-x\",\"channel\":\"presence-a\",\"data\":{},\"user_id\":\"7\"}");
  }

  /** Case 57: on a private channel a user id that the sender claims is left out. */
  @Test
  void onAPrivateChannelThereIsNoUserId() {
    alice.send("{\"event\":\"client-x\",\"channel\":\"private-a\",\"data\":1,\"user_id\":\"9\"}");

    assertThat(bob.next().has("user_id")).isFalse();
  }

  /** Case 58. */
  @Test
  void onAPublicChannelItIsRefused() {
    alice.join("news");
    bob.join("news");

    alice.send("{\"event\":\"client-x\",\"channel\":\"news\",\"data\":{}}");

    JsonNode error = alice.expectError();
    assertThat(error.path("code").isNull()).isTrue();
    assertThat(error.path("message").asText())
        .isEqualTo("Client event rejected - only supported on private and presence channels");
    bob.expectSilence();
  }

  /**
   * The official clients do not offer them: the server could not tell ciphertext from plain text.
   */
  @ParameterizedTest
  @EnumSource(
      value = ClientEventsFrom.class,
      names = {"MEMBERS", "ALL"})
  void onAnEncryptedChannelItIsRefused(ClientEventsFrom from) {
    try (TestServer open = TestServer.start(app -> app.acceptClientEventsFrom(from));
        TestClient sender = open.connect().join("private-encrypted-a");
        TestClient receiver = open.connect().join("private-encrypted-a")) {
      sender.send("{\"event\":\"client-x\",\"channel\":\"private-encrypted-a\",\"data\":{}}");

      JsonNode error = sender.expectError();
      assertThat(error.path("code").isNull()).isTrue();
      receiver.expectSilence();
    }
  }

  /** Difference 42: an app may open its public channels. */
  @Test
  void onAPublicChannelOfAnAppThatAllowsItItIsDelivered() {
    try (TestServer open =
            TestServer.start(app -> app.acceptClientEventsFrom(ClientEventsFrom.ALL));
        TestClient sender = open.connect().join("news");
        TestClient receiver = open.connect().join("news")) {
      sender.send("{\"event\":\"client-x\",\"channel\":\"news\",\"data\":{}}");

      receiver.expectEvent("client-x");
      sender.expectSilence();
    }
  }

  /** Case 58. */
  @Test
  void whoIsNotSubscribedIsRefused() {
    alice.unsubscribe(ROOM);

    alice.send("{\"event\":\"client-x\",\"channel\":\"private-a\",\"data\":{}}");

    assertThat(alice.expectError().path("code").isNull()).isTrue();
    bob.expectSilence();
  }

  /** Case 58. */
  @Test
  void anAppThatAllowsNoneAnswers4301() {
    try (TestServer closed =
            TestServer.start(app -> app.acceptClientEventsFrom(ClientEventsFrom.NONE));
        TestClient sender = closed.connect().join(ROOM)) {
      sender.send("{\"event\":\"client-x\",\"channel\":\"private-a\",\"data\":{}}");

      JsonNode error = sender.expectError();
      assertThat(error.path("code").asInt()).isEqualTo(4301);
      assertThat(error.path("message").asText())
          .isEqualTo("The app does not have client messaging enabled.");
    }
  }

  /** Case 58. */
  @ParameterizedTest
  @ValueSource(strings = {"x-client-y", "client", "Client-x", "e"})
  void aNameWithoutThePrefixIsNotDelivered(String event) {
    alice.send("{\"event\":\"" + event + "\",\"channel\":\"private-a\",\"data\":{}}");

    alice.expectSilence();
    bob.expectSilence();
  }

  /** 2.12: the channel must be there, and the name has a limit. */
  @Test
  void aMissingChannelAndATooLongNameAreRefused() {
    alice.send("{\"event\":\"client-x\",\"data\":{}}");
    assertThat(alice.expectError().path("code").isNull()).isTrue();

    alice.send(message("client-" + "x".repeat(194)));
    assertThat(alice.expectError().path("code").asInt()).isEqualTo(4301);

    alice.send(message("client-" + "x".repeat(193)));
    bob.expectEvent("client-" + "x".repeat(193));
  }

  /** Case 59. While a slow machine is at it, the server may let some more through. */
  @Test
  void theEleventhEventInASecondIsRefused() {
    try (TestServer slow = TestServer.start(app -> app.clientEventsPerSecond(10));
        TestClient sender = slow.connect().join(ROOM);
        TestClient receiver = slow.connect().join(ROOM)) {
      int sent = 100;
      long begin = System.nanoTime();
      for (int i = 0; i < sent; i++) {
        sender.send(message("client-" + i));
      }
      sender.send("{\"event\":\"pusher:ping\",\"data\":{}}");

      int refused = 0;
      JsonNode answer = sender.next();
      for (; answer.path("event").asText().equals("pusher:error"); answer = sender.next()) {
        assertThat(answer.path("data").path("code").asInt()).isEqualTo(4301);
        refused++;
      }
      assertThat(answer.path("event").asText()).isEqualTo("pusher:pong");
      int meanwhile = (int) (Duration.ofNanos(System.nanoTime() - begin).toMillis() / 100);
      assertThat(refused).isBetween(Math.max(1, sent - 10 - meanwhile), sent - 10);
      for (int i = 0; i < 10; i++) {
        receiver.expectEvent("client-" + i);
      }
      for (int i = 10; i < sent - refused; i++) {
        receiver.next();
      }
      receiver.expectSilence();
    }
  }

  /** Case 60. */
  @Test
  void dataOf10240BytesPassesAndOneMoreIsRefused() {
    alice.send(withData("x".repeat(10_240)));
    assertThat(bob.expectEvent("client-x").path("data").asText()).hasSize(10_240);

    alice.send(withData("x".repeat(10_241)));
    assertThat(alice.expectError().path("code").isNull()).isTrue();
    bob.expectSilence();
    alice.expectSilence();
  }

  /** Case 60. */
  @Test
  void aFrameOver64KibibytesEndsTheConnectionWith1009() {
    try (RawClient client = RawClient.connect(server)) {
      client.sendFrame(RawClient.TEXT, "x".repeat(65_537).getBytes(StandardCharsets.US_ASCII));

      assertThat(client.closeCode()).isEqualTo(1009);
    }
  }

  /** Case 61. */
  @Test
  void appsWithTheSameChannelNameDoNotHearEachOther() {
    Credentials others = new Credentials("other-key", "other-secret");
    try (TestServer two =
            TestServer.start(
                TestServer.config(),
                TestServer.app().build(),
                TestServer.app().id("4").key(others.key()).secret("other-secret").build());
        TestClient third = two.connect().join("news");
        TestClient fourth = two.open("/app/other-key").established().join("news")) {
      new TestApi(two.api().address(), "", "4", others).trigger("news", "e", "x");

      fourth.expectEvent("e");
      third.expectSilence();
      two.api().trigger("news", "f", "x");
      third.expectEvent("f");
      fourth.expectSilence();
    }
  }

  /** Difference 41, and 2.12: what the API sends has no user id, whatever channel it is. */
  @Test
  void anApiEventWithAClientsNameIsDeliveredToAll() {
    server.api().trigger(ROOM, "client-x", "x");

    alice.expectEvent("client-x");
    bob.expectEvent("client-x");
  }

  private static String message(String event) {
    return "{\"event\":\"" + event + "\",\"channel\":\"private-a\",\"data\":{}}";
  }

  private static String withData(String data) {
    return "{\"event\":\"client-x\",\"channel\":\"private-a\",\"data\":\"" + data + "\"}";
  }
}
