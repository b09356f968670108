package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.config.AppConfigBuilder;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.XhrClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of a session whose client uses an HTTP fallback: docs/PROTOCOL.md, "HTTP fallbacks". */
class FallbackSessionTest {

  private static final String REMOVED = "pusher_internal:member_removed";

  /** The codes are those over WebSocket. */
  @ParameterizedTest
  @CsvSource({
    "4000, xhr_streaming",
    "4001, xhr_streaming",
    "4003, xhr_streaming",
    "4004, xhr_streaming",
    "4005, xhr_streaming",
    "4007, xhr_streaming",
    "4009, xhr_streaming",
    "4001, xhr",
    "4004, xhr",
    "4009, xhr"
  })
  void aRefusalIsAnErrorAndACloseInOneAnswer(int code, String transport) {
    UnaryOperator<AppConfigBuilder> app =
        switch (code) {
          case 4000 -> builder -> builder.forceTls(true);
          case 4003 -> builder -> builder.enabled(false);
          case 4009 -> builder -> builder.allowedOrigins(List.of("example.com"));
          default -> builder -> builder.maxConnections(1);
        };
    String key = code == 4001 ? "nope" : code == 4005 ? "" : TestServer.KEY;
    String origin = "Origin: https://evil.test\r\n";
    try (TestServer server = TestServer.start(app);
        TestClient taken = code == 4004 ? server.connect() : null;
        XhrClient client =
            XhrClient.of(server, transport, key, XhrClient.session(), origin)
                .query(code == 4007 ? "?protocol=3" : "?protocol=7")) {
      List<String> lines = client.wholeAnswer();

      assertThat(lines).hasSize(3);
      assertThat(lines.get(0)).isEqualTo("o{}");
      JsonNode error = TestClient.json(TestClient.json(lines.get(1).substring(1)).path(0).asText());
      assertThat(error.path("event").asText()).isEqualTo("pusher:error");
      assertThat(error.path("data").path("code").asInt()).isEqualTo(code);
      JsonNode close = TestClient.json(lines.get(2).substring(1));
      assertThat(close.path(0).asInt()).isEqualTo(code);
      assertThat(close.path(1)).isEqualTo(error.path("data").path("message"));
      // A page that may not connect must be able to read that.
      assertThat(client.head())
          .containsIgnoringCase("access-control-allow-origin: https://evil.test");
      assertThat(server.metrics())
          .contains("carillon_handshakes_refused_total{code=\"" + code + "\"} 1.0");
      assertThat(client.refused("[]")).startsWith("HTTP/1.1 404 ");
    }
  }

  /** A refused client leaves nothing behind, and the same id may be used when there is room. */
  @Test
  void connectionsAreCountedWhateverCarriesThem() {
    try (TestServer server = TestServer.start(app -> app.maxConnections(2));
        XhrClient refused = XhrClient.of(server, XhrClient.STREAMING)) {
      XhrClient stream = XhrClient.connect(server, XhrClient.STREAMING);
      XhrClient poll = XhrClient.connect(server, XhrClient.POLLING);
      poll.request();
      assertThat(refused.wholeAnswer().get(2)).startsWith("c[4004,");
      assertThat(server.metrics())
          .contains("carillon_connections{app=\"3\"} 2.0")
          .contains("carillon_fallback_connections{app=\"3\",transport=\"xhr_streaming\"} 1.0")
          .contains("carillon_fallback_connections{app=\"3\",transport=\"xhr_polling\"} 1.0");

      stream.close();
      poll.close();
      server.awaitConnections(0);

      refused.connect().close();
      server.awaitConnections(0);
      assertThat(server.metrics())
          .contains("carillon_fallback_connections{app=\"3\",transport=\"xhr_streaming\"} 0.0")
          .contains("carillon_fallback_connections{app=\"3\",transport=\"xhr_polling\"} 0.0");
    }
  }

  /** pusher-js has one request at a time; a second is somebody else's. */
  @ParameterizedTest
  @ValueSource(strings = {XhrClient.STREAMING, XhrClient.POLLING})
  void aSecondRequestAtOnceIsRefusedAndTheFirstGoesOn(String transport) {
    try (TestServer server = twoLoops();
        XhrClient client = XhrClient.connect(server, XhrClient.STREAMING)) {
      for (int i = 0; i < 4; i++) { // on either loop
        try (RawClient second = RawClient.open(server.port())) {
          second.send(XhrClient.post(client.path() + "/" + transport, "", ""));

          assertThat(second.readAnswer())
              .startsWith("HTTP/1.1 200 ")
              .endsWith("\r\n\r\nc[2010,\"Another connection still open\"]\n");
        }
      }

      client.expectSilence();
      assertThat(client.requests()).isEqualTo(1);
    }
  }

  /** The client goes on in a new request after 256 KiB: on any socket, of any loop. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void nothingIsLostDoubledOrReorderedOverManyRequests(int loops) throws Exception {
    int events = 1_500;
    try (TestServer server =
            TestServer.start(
                TestServer.config().toBuilder()
                    .eventLoops(loops)
                    .maxOutboundBytes(4_000_000)
                    .build(),
                TestServer.app().build());
        XhrClient stream = XhrClient.connect(server, XhrClient.STREAMING).join("news");
        XhrClient poll = XhrClient.connect(server, XhrClient.POLLING).join("news")) {
      ExecutorService threads = Executors.newFixedThreadPool(3);
      Future<?> publishing = threads.submit(() -> publish(server, events));
      List<Future<?>> reading = new ArrayList<>();
      for (XhrClient client : List.of(stream, poll)) {
        reading.add(threads.submit(() -> readAll(client, events)));
      }

      publishing.get();
      for (Future<?> reader : reading) {
        reader.get();
      }
      threads.shutdown();

      stream.expectSilence();
      poll.expectSilence();
      assertThat(stream.requests()).isBetween(4, 10);
    }
  }

  /** What JavaScript counts are UTF-16 units: neither bytes nor characters. */
  @Test
  void aStreamPausesWhenItsTextIsAsLongAsAClientReads() {
    try (TestServer server = twoLoops();
        XhrClient client = XhrClient.connect(server, XhrClient.STREAMING).join("news")) {
      String data = "é€𝄞".repeat(1_000); // 4 000 units, 9 000 bytes
      int events = 80;
      for (int i = 0; i < events; i++) {
        server.api().trigger("news", "e" + i, data);
      }

      for (int i = 0; i < events; i++) {
        client.expectEvent("e" + i);
      }
      assertThat(client.requests()).isEqualTo(2);
      client.expectSilence();
    }
  }

  /** The one it leaves may still look open: through a proxy, for example. */
  @Test
  void theNewRequestTakesOverFromAStreamThatHadItsFill() {
    try (TestServer server = twoLoops();
        XhrClient client = XhrClient.connect(server, XhrClient.STREAMING).join("news")) {
      fill(server, client);
      server.api().trigger("news", "kept", "x");

      try (RawClient before = client.another()) {
        client.expectEvent("kept");
        before.expectEnd();
      }
      client.expectSilence();
    }
  }

  /** Heartbeats move a browser that was slow to tell of the last piece. */
  @Test
  void aStreamThatHadItsFillGetsHeartbeatsOnly() {
    try (TestServer server = twoLoops();
        XhrClient client = XhrClient.connect(server, XhrClient.STREAMING).join("news")) {
      fill(server, client);
      server.api().trigger("news", "kept", "x");

      assertThat(client.nextLine()).isEqualTo("h");
      assertThat(client.nextLine()).isEqualTo("h");

      client.another().close();
      client.expectEvent("kept");
    }
  }

  /** Nobody knows how much of a stream was read that broke before: its members leave at once. */
  @ParameterizedTest
  @ValueSource(strings = {XhrClient.STREAMING, XhrClient.POLLING})
  void aClientThatEndsItsRequestHasLeft(String transport) {
    try (TestServer server = twoLoops();
        TestClient ann = server.connect();
        XhrClient ben = XhrClient.connect(server, transport)) {
      ann.joinAs("presence-a", "{\"user_id\":\"ann\"}");
      ben.join("presence-a", "{\"user_id\":\"ben\"}");
      ann.expectEvent("pusher_internal:member_added");
      if (transport.equals(XhrClient.POLLING)) {
        ben.request();
      }
      long begin = System.nanoTime();

      ben.receiver().reset();

      ann.expectEvent(REMOVED);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
      assertThat(ben.refused("[]")).startsWith("HTTP/1.1 404 ");
      server.awaitConnections(1);
      ann.expectSilence();
    }
  }

  @Test
  void aPollingClientThatDoesNotComeBackHasLeftAfterFiveSeconds() {
    try (TestServer server = twoLoops();
        TestClient ann = server.connect();
        XhrClient ben = XhrClient.connect(server, XhrClient.POLLING)) {
      ann.joinAs("presence-a", "{\"user_id\":\"ann\"}");
      ben.join("presence-a", "{\"user_id\":\"ben\"}");
      ann.expectEvent("pusher_internal:member_added");
      long begin = System.nanoTime();

      ann.expectEvent(REMOVED);

      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
      server.awaitConnections(1);
      ann.expectSilence();
    }
  }

  @Test
  void aClientThatLeavesAFullStreamAndDoesNotComeBackHasLeftAfterFiveSeconds() {
    try (TestServer server = twoLoops();
        TestClient ann = server.connect();
        XhrClient ben = XhrClient.connect(server, XhrClient.STREAMING).join("news")) {
      ann.joinAs("presence-a", "{\"user_id\":\"ann\"}");
      ben.join("presence-a", "{\"user_id\":\"ben\"}");
      ann.expectEvent("pusher_internal:member_added");
      fill(server, ben);
      long begin = System.nanoTime();

      ben.receiver().reset();
      ann.expectEvent(REMOVED);

      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(8));
      server.awaitConnections(1);
    }
  }

  /** pusher-js takes a second opening for a lost session, and connects anew. */
  @Test
  void aClientThatComesBackTooLateGetsANewSession() {
    try (TestServer server = twoLoops();
        XhrClient client = XhrClient.connect(server, XhrClient.STREAMING)) {
      client.receiver().reset();
      server.awaitConnections(0);

      client.another().close();

      assertThat(client.nextLine()).isEqualTo("o{}");
      client.expectEvent("pusher:connection_established");
    }
  }

  /** Messages on one socket keep their order, also on another loop than the session's. */
  @Test
  void whatIsSentKeepsItsOrderOnAnyLoop() {
    try (TestServer server =
            TestServer.start(
                TestServer.config().toBuilder().eventLoops(3).build(),
                TestServer.app().clientEventsPerSecond(10_000).build());
        TestClient ann = server.connect().join("private-a")) {
      for (int client = 0; client < 4; client++) {
        try (XhrClient ben = XhrClient.connect(server, XhrClient.STREAMING).join("private-a")) {
          StringBuilder requests = new StringBuilder();
          for (int i = 0; i < 100; i++) {
            String event = "{\"event\":\"client-e\",\"channel\":\"private-a\",\"data\":" + i + "}";
            requests.append(
                XhrClient.post(ben.path() + "/xhr_send", "", "[" + TestClient.quoted(event) + "]"));
          }
          ben.sender().send(requests.toString());

          for (int i = 0; i < 100; i++) {
            ben.readPosted();
            assertThat(ann.expectEvent("client-e").path("data").asInt()).isEqualTo(i);
          }
          ben.expectSilence();
        }
      }
    }
  }

  private static TestServer twoLoops() {
    return TestServer.start(
        TestServer.config().toBuilder().eventLoops(2).build(), TestServer.app().build());
  }

  /** Lets a stream have as much text as a client reads of one. */
  private static void fill(TestServer server, XhrClient client) {
    for (int i = 0; i < 29; i++) {
      server.api().trigger("news", "fill" + i, "x".repeat(9_000));
    }
    for (int i = 0; i < 29; i++) {
      client.expectEvent("fill" + i);
    }
  }

  private static void publish(TestServer server, int events) {
    for (int i = 0; i < events; i++) {
      server.api().trigger("news", "e" + i, "x".repeat(900));
    }
  }

  private static void readAll(XhrClient client, int events) {
    for (int i = 0; i < events; i++) {
      client.expectEvent("e" + i);
    }
  }
}
