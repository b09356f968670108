package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.auth.RequestAuth;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conformance case 84: several requests on one connection. */
class KeepAliveTest {
  private TestServer server;
  private RawClient client;

  @BeforeEach
  void connect() {
    server = TestServer.start();
    client = RawClient.open(server.port());
  }

  @AfterEach
  void disconnect() {
    client.close();
    server.close();
  }

  @Test
  void requestsOneAfterTheOtherAreAnsweredOnOneConnection() {
    for (int i = 0; i < 3; i++) {
      client.send(get("/up"));
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 OK").endsWith("{\"health\":\"OK\"}");
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      requests.append(get("/nothing-" + i));
    }

    client.send(requests.toString());

    for (int i = 0; i < 1000; i++) {
      assertThat(client.readAnswer()).endsWith("Not found: /nothing-" + i + "\n");
    }
  }

  @Test
  void requestsThatComeByteByByteAreAnswered() {
    String requests = get("/up") + trigger("one") + get("/nothing") + trigger("two");
    try (TestClient subscriber = server.connect().join("news")) {
      for (int i = 0; i < requests.length(); i++) {
        client.send(requests.substring(i, i + 1));
      }

      assertThat(client.readAnswer()).endsWith("{\"health\":\"OK\"}");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n{}");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 404");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200");
      subscriber.expectEvent("one");
      subscriber.expectEvent("two");
    }
  }

  @Test
  void pipelinedTriggersAreDeliveredInTheirOrder() {
    try (TestClient subscriber = server.connect().join("news")) {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < 100; i++) {
        requests.append(trigger("e" + i));
      }

      client.send(requests.toString());

      for (int i = 0; i < 100; i++) {
        assertThat(client.readAnswer()).startsWith("HTTP/1.1 200");
        subscriber.expectEvent("e" + i);
      }
    }
  }

  @Test
  void aChunkedBodyIsRead() {
    String body = body("chunked");
    String head =
        trigger("chunked")
            .replaceAll("Content-Length: \\d+", "Transfer-Encoding: chunked")
            .replaceAll("(?s)\r\n\r\n.*", "\r\n\r\n");
    try (TestClient subscriber = server.connect().join("news")) {
      client.send(head);
      for (int i = 0; i < body.length(); i += 7) {
        String chunk = body.substring(i, Math.min(i + 7, body.length()));
        client.send(Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n");
      }
      client.send("0\r\n\r\n");

      assertThat(client.readAnswer()).startsWith("HTTP/1.1 200");
      subscriber.expectEvent("chunked");
    }
  }

  @Test
  void aRequestThatWantsTheEndGetsIt() {
    client.send("GET /up HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + get("/up"));

    assertThat(client.readAnswer().toLowerCase(Locale.ROOT))
        .startsWith("http/1.1 200")
        .contains("connection: close");
    client.expectEnd();
  }

  @Test
  void anHttp10RequestEndsTheConnection() {
    client.send("GET /up HTTP/1.0\r\n\r\n");

    assertThat(client.readAnswer()).contains(" 200 ");
    client.expectEnd();
  }

  @Test
  void aClientThatAsksBeforeItsBodyIsToldToGoOn() {
    String trigger = trigger("asked").replace("Host:", "Expect: 100-continue\r\nHost:");
    int bodyAt = trigger.indexOf("\r\n\r\n") + 4;
    client.send(trigger.substring(0, bodyAt));

    assertThat(client.readHead()).startsWith("HTTP/1.1 100");
    client.send(trigger.substring(bodyAt));
    assertThat(client.readAnswer()).startsWith("HTTP/1.1 200");
  }

  /** 6.4: a body over {@code max_request_size} is refused, and the connection ends. */
  @Test
  void aBodyOverTheLimitIsRefusedWith413() {
    client.send("POST /apps/3/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n");

    assertThat(client.readAnswer()).startsWith("HTTP/1.1 413").contains("1048576 bytes");
    client.expectEnd();
  }

  /** So is one that is sent whole before the answer is read, as most clients do. */
  @Test
  void whoSendsTheWholeBodyReadsThe413Too() {
    int bytes = 20_000_000;
    client.send("POST /apps/3/events HTTP/1.1\r\nHost: x\r\nContent-Length: " + bytes + "\r\n\r\n");
    client.send(new byte[bytes]);

    assertThat(client.readAnswer()).startsWith("HTTP/1.1 413");
    client.expectEnd();
  }

  /** What a client sends behind it would have no answer, so nothing is done. */
  @Test
  void nothingIsDoneOfWhatComesBehindATooLargeBody() {
    try (TestClient subscriber = server.connect().join("news")) {
      int bytes = 2_000_000;
      client.send(
          "POST /apps/3/events HTTP/1.1\r\nHost: x\r\nContent-Length: " + bytes + "\r\n\r\n");
      client.send(new byte[bytes]);
      client.send(trigger("behind"));

      assertThat(client.readAnswer()).startsWith("HTTP/1.1 413");
      client.expectEnd();
      server.api().trigger("news", "after", "x");
      assertThat(subscriber.next().path("event").asText()).isEqualTo("after");
      subscriber.expectSilence();
    }
  }

  /** An expectation that is not met is an end too: what comes is the body, not a request. */
  @ParameterizedTest
  @CsvSource({"100-continue,413", "nonsense,417"})
  void nothingIsDoneOfWhatComesBehindAnExpectationThatIsNotMet(String expected, int status) {
    try (TestClient subscriber = server.connect().join("news")) {
      client.send(
          "POST /apps/3/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\nExpect: "
              + expected
              + "\r\n\r\n"
              + trigger("behind"));

      assertThat(client.readAnswer()).startsWith("HTTP/1.1 " + status);
      client.expectEnd();
      server.api().trigger("news", "after", "x");
      assertThat(subscriber.next().path("event").asText()).isEqualTo("after");
    }
  }

  /** The same where the length is told by nobody. */
  @Test
  void aChunkedBodyOverTheLimitIsRefusedWith413() {
    try (TestServer small =
            TestServer.start(
                TestServer.config().toBuilder().maxRequestBytes(1000).build(),
                TestServer.app().build());
        RawClient sender = RawClient.open(small.port())) {
      sender.send("POST /apps/3/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      sender.send("3e8\r\n" + "x".repeat(1000) + "\r\n1\r\nx\r\n");

      assertThat(sender.readAnswer()).startsWith("HTTP/1.1 413");
      sender.expectEnd();
    }
  }

  /** Answers that wait for nothing stay in order before the refusal of a body. */
  @Test
  void requestsBeforeATooLargeOneAreAnsweredFirst() {
    client.send(
        get("/up")
            + get("/nothing")
            + "POST /apps/3/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n");

    assertThat(client.readAnswer()).startsWith("HTTP/1.1 200");
    assertThat(client.readAnswer()).startsWith("HTTP/1.1 404");
    assertThat(client.readAnswer()).startsWith("HTTP/1.1 413");
    client.expectEnd();
  }

  /** What a client sends right behind its handshake is not lost. */
  @Test
  void framesInThePacketOfTheHandshakeAreRead() {
    client.send(
        RawClient.handshake("/app/" + TestServer.KEY)
            + new String(
                RawClient.frame(0x89, "hi".getBytes(StandardCharsets.US_ASCII)),
                StandardCharsets.ISO_8859_1));

    assertThat(client.readHead()).startsWith("HTTP/1.1 101");
    client.expectEvent("pusher:connection_established");
    assertThat(client.expect(RawClient.PONG).text()).isEqualTo("hi");
  }

  /** The upgrade may follow requests that were answered. */
  @Test
  void aConnectionThatWasUsedForRequestsMayBecomeAWebSocket() {
    client.send(get("/up") + RawClient.handshake("/app/" + TestServer.KEY));

    assertThat(client.readAnswer()).startsWith("HTTP/1.1 200");
    assertThat(client.readHead()).startsWith("HTTP/1.1 101");
    client.expectEvent("pusher:connection_established");
    client.expectSilence();
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  private static String body(String event) {
    return "{\"name\":\"" + event + "\",\"channel\":\"news\",\"data\":\"x\"}";
  }

  private static String trigger(String event) {
    byte[] body = body(event).getBytes(StandardCharsets.US_ASCII);
    String query =
        RequestAuth.signedQuery(
            TestServer.CREDENTIALS, "POST", "/apps/3/events", Map.of(), body, Instant.now());
    return "POST /apps/3/events?"
        + query
        + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
        + body.length
        + "\r\n\r\n"
        + body(event);
  }
}
