package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conformance cases 13 to 18. */
class LivenessTest {
  private static final String PONG = "{\"event\":\"pusher:pong\",\"data\":\"{}\"}";

  /** Cases 13 and 14, and data as a string. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"event\":\"pusher:ping\",\"data\":{}}",
        "{\"event\": \"pusher:ping\"}",
        "{\"event\":\"pusher:ping\",\"data\":\"{}\"}"
      })
  void aPingEventIsAnsweredWithAPongEvent(String ping) {
    try (TestServer server = TestServer.start();
        TestClient client = server.connect()) {
      client.send(ping);

      assertThat(client.nextText()).isEqualTo(PONG);
    }
  }

  /** The other half of 2.5: a pong, typo or not, is heard and not answered. */
  @ParameterizedTest
  @ValueSource(strings = {"pusher:pong", "pusher.pong"})
  void aPongEventIsNotAnswered(String pong) {
    try (TestServer server = TestServer.start();
        TestClient client = server.connect()) {
      client.send("{\"event\":\"" + pong + "\",\"data\":{}}");

      client.expectSilence();
    }
  }

  /** Case 15. */
  @Test
  void aPingFrameIsAnsweredWithItsPayloadAndNoText() {
    try (TestServer server = TestServer.start();
        TestClient client = server.connect()) {
      client.sendPing("ab");

      assertThat(client.nextPong()).isEqualTo("ab");
      client.expectSilence();
    }
  }

  /** Case 15: the longest payload that a ping may have. */
  @Test
  void aPingOf125BytesIsAnsweredWhole() {
    try (TestServer server = TestServer.start();
        RawClient client = RawClient.connect(server)) {
      client.sendFrame(RawClient.PING, "x".repeat(125).getBytes(StandardCharsets.US_ASCII));

      assertThat(client.expect(RawClient.PONG).text()).isEqualTo("x".repeat(125));
    }
  }

  /** Case 16: a connection without subscriptions, too. */
  @Test
  void aClientThatAnswersNoPingIsClosedWith4201() {
    try (TestServer server = impatient();
        RawClient client = RawClient.connect(server)) {
      long begin = System.nanoTime();

      client.expect(RawClient.PING);
      var error = client.expectEvent("pusher:error").path("data");
      RawClient.Frame close = client.expect(RawClient.CLOSE);

      assertThat(error.path("code").asInt()).isEqualTo(4201);
      assertThat(error.path("message").asText()).isEqualTo("Pong reply not received in time");
      assertThat(close.closeCode()).isEqualTo(4201);
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofMillis(900), Duration.ofSeconds(6));
    }
  }

  /** Case 17: over two rounds of ping and time-out. */
  @Test
  void aSilentClientThatAnswersPingsStays() {
    try (TestServer server = impatient();
        RawClient client = RawClient.connect(server)) {
      for (int round = 0; round < 3; round++) {
        client.expect(RawClient.PING);
        client.sendFrame(RawClient.PONG, new byte[0]);
      }

      client.expectSilence();
    }
  }

  /** Case 17: the JDK's client answers pings by itself, as browsers do. */
  @Test
  void aClientThatAnswersByItselfStays() {
    try (TestServer server = impatient();
        TestClient client = server.connect()) {
      client.expectPing();
      client.expectPing();

      client.expectSilence();
    }
  }

  /** Case 18. */
  @Test
  void aClientThatOnlyReceivesIsClosedToo() {
    try (TestServer server = impatient();
        RawClient client = RawClient.connect(server)) {
      client.subscribe("busy").expectEvent("pusher_internal:subscription_succeeded");

      RawClient.Frame frame;
      do {
        server.api().trigger("busy", "e", "x");
        frame = client.next();
      } while (frame.opcode() != RawClient.CLOSE);

      assertThat(frame.closeCode()).isEqualTo(4201);
    }
  }

  private static TestServer impatient() {
    return TestServer.start(
        app -> app.pingInterval(Duration.ofSeconds(1)).pongTimeout(Duration.ofSeconds(1)));
  }
}
