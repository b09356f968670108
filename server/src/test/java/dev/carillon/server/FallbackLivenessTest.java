package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.support.Await;
import dev.carillon.server.support.ErrorLog;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.SingleNode;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.XhrClient;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the server ends a session whose client uses an HTTP fallback: silence, backlog, drain. */
class FallbackLivenessTest {

  @Test
  void aStreamingClientThatAnswersNoHeartbeatIsClosedWith4201() {
    try (TestServer server = impatient();
        XhrClient client = XhrClient.connect(server, XhrClient.STREAMING)) {
      long begin = System.nanoTime();

      assertThat(client.nextLine()).isEqualTo("h");
      assertThat(client.expectEvent("pusher:error").path("data").path("code").asInt())
          .isEqualTo(4201);
      assertThat(client.closeCode()).isEqualTo(4201);

      assertThat(client.receiver().readChunk()).isEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(7));
      server.awaitConnections(0);
    }
  }

  /** A stream's client answers a heartbeat by one; a poll's by its next request. */
  @ParameterizedTest
  @ValueSource(strings = {XhrClient.STREAMING, XhrClient.POLLING})
  void aClientThatAnswersHeartbeatsStays(String transport) {
    try (TestServer server = impatient();
        XhrClient client = XhrClient.connect(server, transport)) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.nextLine()).isEqualTo("h");
        if (transport.equals(XhrClient.STREAMING)) {
          client.send("[]");
        }
      }

      client.expectSilence();
    }
  }

  /** On a busy channel no poll waits for its answer: the sweep sees the client between two. */
  @Test
  void aClientWhosePollsAreAnsweredAtOnceIsNotAway() {
    try (TestServer server = impatient();
        TestClient clock = server.connect();
        XhrClient client = XhrClient.connect(server, XhrClient.POLLING).join("news")) {
      for (int i = 0; i < 4; i++) {
        server.api().trigger("news", "e" + i, "x");
        clock.expectPing();

        client.expectEvent("e" + i);
      }
    }
  }

  /** pusher-js asks so after activity_timeout, and waits for anything. */
  @ParameterizedTest
  @ValueSource(strings = {XhrClient.STREAMING, XhrClient.POLLING})
  void aClientsHeartbeatIsAnsweredOnce(String transport) {
    try (TestServer server = twoLoops();
        XhrClient client = XhrClient.connect(server, transport)) {
      if (transport.equals(XhrClient.POLLING)) {
        client.request();
        Await.until("its poll is there", () -> heartbeatAnswered(client));
        return;
      }
      client.send("[]");
      assertThat(client.nextLine()).isEqualTo("h");

      client.send("[]"); // as pusher-js answers any heartbeat

      client.expectSilence();
    }
  }

  private static boolean heartbeatAnswered(XhrClient client) {
    client.send("[]");
    return client.receiver().readAnswer().endsWith("\r\n\r\nh\n");
  }

  @Test
  void aStreamingClientThatDoesNotReadIsClosedWhileOthersGetEverything() {
    int limit = 100_000;
    try (ErrorLog log = new ErrorLog();
        TestServer server =
            TestServer.start(
                TestServer.config().toBuilder().maxOutboundBytes(limit).build(),
                TestServer.app().build());
        TestClient fast = server.connect().join("fast");
        RawClient slow = RawClient.open(server.port(), 8_192)) {
      String path = "/pusher/app/" + TestServer.KEY + "/" + XhrClient.session();
      String subscribe = "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"news\"}}";
      slow.send(XhrClient.post(path + "/xhr_streaming", "", ""));
      slow.readHead();
      try (RawClient sender = RawClient.open(server.port())) {
        sender.send(
            XhrClient.post(path + "/xhr_send", "", "[" + TestClient.quoted(subscribe) + "]"));
        assertThat(sender.readHead()).startsWith("HTTP/1.1 204 ");
      }

      for (int i = 0; i < 60; i++) {
        server.api().trigger("news", "e" + i, "x".repeat(9_000));
      }

      Await.until(
          "it was closed", () -> server.metrics().contains("carillon_slow_consumers_total 1.0"));
      server.awaitConnections(1);
      slow.expectEnd();
      server.api().trigger("fast", "e", "x");
      fast.expectEvent("e");
      log.expectNothing();
    }
  }

  @SingleNode
  @Test
  void whatWaitsForAPollIsLimited() {
    try (TestServer server =
            TestServer.start(
                TestServer.config().toBuilder().maxOutboundBytes(50_000).build(),
                TestServer.app().build());
        XhrClient client = XhrClient.connect(server, XhrClient.POLLING).join("news")) {
      for (int i = 0; i < 6; i++) {
        server.api().trigger("news", "e" + i, "x".repeat(9_000));
      }

      for (int i = 0; i < 6; i++) {
        client.expectEvent("e" + i);
      }
      assertThat(client.closeCode()).isEqualTo(4100);
      assertThat(server.metrics()).contains("carillon_slow_consumers_total 1.0");
      server.awaitConnections(0);
    }
  }

  /** One message may be larger than the limit for a connection: a long member list, for example. */
  @Test
  void oneMessageOverTheLimitIsNoBacklog() {
    try (TestServer server =
            TestServer.start(
                TestServer.config().toBuilder().maxOutboundBytes(16_384).build(),
                TestServer.app().maxEventBytes(100_000).build());
        XhrClient client = XhrClient.connect(server, XhrClient.POLLING).join("news")) {
      for (int i = 0; i < 10; i++) {
        server.api().trigger("news", "e", "x".repeat(100_000));

        assertThat(client.expectEvent("e").path("data").asText()).hasSize(100_000);
      }
    }
  }

  @SingleNode
  @Test
  void theDrainClosesThemWith1001AndLetsNobodyIn() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (TestServer server = twoLoops();
        XhrClient stream = XhrClient.connect(server, XhrClient.STREAMING);
        XhrClient poll = XhrClient.connect(server, XhrClient.POLLING);
        XhrClient late = XhrClient.of(server, XhrClient.STREAMING)) {
      poll.request();
      Future<?> draining =
          thread.submit(
              () -> {
                server.server().drain();
                return null;
              });
      Await.until("it drains", () -> server.api().send("GET", "/up", "").statusCode() == 503);

      assertThat(late.wholeAnswer().get(2)).startsWith("c[4100,");
      assertThat(stream.closeCode()).isEqualTo(1001);
      assertThat(poll.receiver().readAnswer()).endsWith("c[1001,\"Server is shutting down\"]\n");
      draining.get();
    } finally {
      thread.shutdown();
    }
  }

  private static TestServer twoLoops() {
    return TestServer.start(
        TestServer.config().toBuilder().eventLoops(2).build(), TestServer.app().build());
  }

  private static TestServer impatient() {
    return TestServer.start(
        app -> app.pingInterval(Duration.ofSeconds(2)).pongTimeout(Duration.ofSeconds(2)));
  }
}
