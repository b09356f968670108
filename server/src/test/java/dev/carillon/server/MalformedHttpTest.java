package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.auth.RequestAuth;
import dev.carillon.server.support.ErrorLog;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not HTTP, or too much of it. Others are served as before, and no error is logged. */
class MalformedHttpTest {
  private TestServer server;
  private ErrorLog log;
  private TestClient innocent;

  @BeforeEach
  void connect() {
    log = new ErrorLog();
    server =
        TestServer.start(
            TestServer.config().toBuilder().eventLoops(1).build(), TestServer.app().build());
    innocent = server.connect().join("news");
  }

  @AfterEach
  void othersAreServedAsBefore() {
    server.api().trigger("news", "still-here", "x");
    innocent.expectEvent("still-here");
    innocent.expectSilence();
    innocent.close();
    server.close();
    log.expectNothing();
    log.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "\r\n\r\n\r\nGET\r\n\r\n",
        "GET /up\r\n\r\n",
        "GET /up HTTP/x\r\n\r\n",
        "GET /up HTTP/1.1\r\nno colon\r\n\r\n",
        "GET /up HTTP/1.1\r\n: no name\r\n\r\n",
        "GET /up HTTP/1.1\r\nA\u0000: b\r\n\r\n",
        "POST /up HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "POST /up HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST /up HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        "POST /up HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n"
      })
  void whatIsNotHttpIsAnsweredWith400AndTheEnd(String request) {
    try (RawClient client = RawClient.open(server.port())) {
      client.send(request);

      assertThat(client.readAnswer()).contains(" 400 ");
      client.expectEnd();
    }
  }

  /** A request that might be read as two is refused: RFC 9112, section 6.1. */
  @Test
  void aRequestWithTwoLengthsIsNotTakenForTwo() {
    try (RawClient client = RawClient.open(server.port())) {
      client.send(
          "POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

      assertThat(client.readAnswer()).containsPattern(" 40[04] ");
    }
  }

  @Test
  void aTooLongAddressIsRefusedWith414() {
    try (RawClient client = RawClient.open(server.port())) {
      client.send("GET /" + "x".repeat(70_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(client.readAnswer()).startsWith("HTTP/1.1 414 ");
      client.expectEnd();
    }
  }

  @Test
  void tooManyHeadersAreRefusedWith431() {
    try (RawClient client = RawClient.open(server.port())) {
      client.send(
          "GET /up HTTP/1.1\r\nHost: x\r\n" + "X-Header: 0123456789\r\n".repeat(1_000) + "\r\n");

      assertThat(client.readAnswer()).startsWith("HTTP/1.1 431 ");
      client.expectEnd();
    }
  }

  @Test
  void aTooLongHeaderIsRefusedWith431() {
    try (RawClient client = RawClient.open(server.port())) {
      client.send("GET /up HTTP/1.1\r\nCookie: " + "x".repeat(20_000) + "\r\n\r\n");

      assertThat(client.readAnswer()).startsWith("HTTP/1.1 431 ");
      client.expectEnd();
    }
  }

  /** What is wrong with the percent signs is the client's mistake. */
  @ParameterizedTest
  @CsvSource({
    "/app/%zz,4001",
    "/app/%,4001",
    "/app/%c3%28,4001",
    "/app/%00,4001",
    "/app/" + TestServer.KEY + "/,4001"
  })
  void aKeyThatIsNoKeyIsRefusedOverTheWebSocket(String target, int code) {
    try (RawClient client = RawClient.open(server.port())) {
      client.shake(target);

      assertThat(client.expectEvent("pusher:error").path("data").path("code").asInt())
          .isEqualTo(code);
      assertThat(client.closeCode()).isEqualTo(code);
      client.expectEnd();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/up?%zz,400",
    "/apps/3/channels?%zz=1,400",
    "/apps/3/channels?a=%,400",
    "/apps/%zz/channels,404",
    "/apps/3/channels/%zz,401",
    "*,404",
    "//up,404",
    "/up/,404",
    "/UP,404",
    "/apps/../up,404"
  })
  void aStrangeTargetIsAnsweredAndTheConnectionStays(String target, int status) {
    try (RawClient client = RawClient.open(server.port())) {
      client.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(client.readAnswer()).startsWith("HTTP/1.1 " + status);
      client.send("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 404");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Upgrade: websocket\r\nConnection: Upgrade\r\n",
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n",
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n"
            + "Sec-WebSocket-Version: 8\r\n",
        "Upgrade: h2c\r\nConnection: Upgrade\r\n",
        "Upgrade: websocket\r\nConnection: close\r\n"
      })
  void aHandshakeThatLacksSomethingIsAnsweredWithAStatus(String headers) {
    try (RawClient client = RawClient.open(server.port())) {
      client.send("GET /app/" + TestServer.KEY + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");

      assertThat(client.readAnswer()).containsPattern("^HTTP/1.1 4\\d\\d ");
    }
  }

  /** RFC 9112, section 3.2.2: a server must take them, though only proxies are sent them. */
  @ParameterizedTest
  @CsvSource({
    "http://localhost/up,200",
    "HTTPS://localhost:8080/up?a=b,200",
    "http://localhost,404",
    "http://localhost?a=b,404",
    "ftp://localhost/up,404",
    "http://localhost/apps/3/channels,401"
  })
  void aTargetMayNameSchemeAndHost(String target, int status) {
    try (RawClient client = RawClient.open(server.port())) {
      client.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(client.readAnswer()).startsWith("HTTP/1.1 " + status);
    }
  }

  @Test
  void aHandshakeMayNameSchemeAndHost() {
    try (RawClient client = RawClient.open(server.port())) {
      client.shake("http://localhost/app/" + TestServer.KEY + "?protocol=7");

      client.expectEvent("pusher:connection_established");
    }
  }

  @Test
  void whoAsksBeforeATooLargeBodyIsToldTheLimit() {
    try (RawClient client = RawClient.open(server.port())) {
      client.send(
          "POST /apps/3/events HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
              + "Content-Length: 99999999\r\n\r\n");

      assertThat(client.readAnswer())
          .startsWith("HTTP/1.1 413 ")
          .contains("The request is too large, allowed are ");
      client.expectEnd();
    }
  }

  /** RFC 9110, section 15.5.22, and RFC 6455, section 4.4. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n"
            + "Sec-WebSocket-Version: 8\r\n"
      })
  void whoDoesNotUpgradeAsExpectedIsToldTo(String headers) {
    try (RawClient client = RawClient.open(server.port())) {
      client.send("GET /app/" + TestServer.KEY + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");

      assertThat(client.readAnswer())
          .startsWith("HTTP/1.1 426 ")
          .containsIgnoringCase("\r\nupgrade: websocket\r\n")
          .containsIgnoringCase("\r\nsec-websocket-version: 13\r\n");
    }
  }

  @Test
  void aThousandHalfHandshakesHoldNobodyUp() {
    List<RawClient> half = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      half.add(
          RawClient.open(server.port())
              .send("GET /app/" + TestServer.KEY + " HTTP/1.1\r\nUpgrade: webso"));
    }

    try (TestClient another = server.connect().join("news")) {
      server.api().trigger("news", "e", "x");

      another.expectEvent("e");
      innocent.expectEvent("e");
    }
    half.forEach(RawClient::reset);
  }

  /** They count for nothing: neither as connections nor for the quota. */
  @Test
  void halfAHandshakeIsNoConnection() {
    try (RawClient half = RawClient.open(server.port())) {
      half.send(RawClient.handshake("/app/" + TestServer.KEY).substring(0, 100));

      assertThat(server.api().get("/connections").body()).isEqualTo("{\"connections\":1}");
    }
  }

  /** Else its answers would fill the memory. */
  @Test
  void aClientThatReadsNoAnswersIsReadNoMore() throws IOException {
    int enough = 64 << 20;
    byte[] request =
        ("GET /" + "x".repeat(15_000) + " HTTP/1.1\r\nHost: x\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    try (SocketChannel client =
            SocketChannel.open(new InetSocketAddress("127.0.0.1", server.port()));
        Selector selector = Selector.open()) {
      client.configureBlocking(false);
      client.register(selector, SelectionKey.OP_WRITE);
      ByteBuffer bytes = ByteBuffer.wrap(request);

      long sent = 0;
      while (sent < enough && selector.select(1_000) > 0) {
        selector.selectedKeys().clear();
        sent += client.write(bytes);
        if (!bytes.hasRemaining()) {
          bytes.rewind();
        }
      }

      assertThat(sent).isLessThan(enough);
    }
  }

  /** The close frame has room for 123 bytes of the reason. */
  @Test
  void aLongKeyIsRefusedWithAShortReason() {
    try (RawClient client = RawClient.open(server.port())) {
      client.shake("/app/" + "%C3%BC".repeat(2_000));

      client.expectEvent("pusher:error");
      RawClient.Frame close = client.expect(RawClient.CLOSE);
      assertThat(close.closeCode()).isEqualTo(4001);
      assertThat(close.payload().length).isBetween(120, 125);
      assertThat(close.text()).endsWith("ü");
    }
  }

  @Test
  void aClientThatGoesInTheMiddleOfABodyIsForgotten() {
    RawClient client = RawClient.open(server.port());
    client.send("POST /apps/3/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{\"na");

    client.reset();

    innocent.expectSilence();
  }

  /** The HTTP API's bodies are read as strictly as frames. */
  @Test
  void deepNestingAndBadUtf8InABodyAreRefusedWith400() {
    String nested = "{\"name\":" + "[".repeat(100_000);
    assertThat(server.api().trigger(nested).statusCode()).isEqualTo(400);

    byte[] body = "{\"name\":\"e\",\"data\":\"\u00ff\"}".getBytes(StandardCharsets.ISO_8859_1);
    try (RawClient client = RawClient.open(server.port())) {
      String query =
          RequestAuth.signedQuery(
              TestServer.CREDENTIALS, "POST", "/apps/3/events", Map.of(), body, Instant.now());
      client.send(
          "POST /apps/3/events?"
              + query
              + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
              + body.length
              + "\r\n\r\n");
      client.send(body);
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 400");
    }
  }
}
