package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.config.AppConfig;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.SingleNode;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.XhrClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** pusher-js' HTTP fallbacks, as their requests come by: docs/PROTOCOL.md, "HTTP fallbacks". */
class HttpFallbacksTest {
  private static final String PING = "{\"event\":\"pusher:ping\",\"data\":{}}";
  private static final String PONG = "{\"event\":\"pusher:pong\",\"data\":\"{}\"}";

  private TestServer server;

  @BeforeEach
  void start() {
    server =
        TestServer.start(
            TestServer.config().toBuilder().eventLoops(2).build(),
            TestServer.app().maxMessageBytes(1_000).build(),
            AppConfig.sample().toBuilder().id("other").key("other").secret("other").build());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aStreamBeginsWithTheSocketIdAndGoesOn() {
    try (XhrClient client = XhrClient.connect(server, XhrClient.STREAMING)) {
      assertThat(client.head())
          .containsIgnoringCase("content-type: application/javascript; charset=utf-8")
          .containsIgnoringCase("transfer-encoding: chunked")
          .containsIgnoringCase("cache-control: no-store, no-transform")
          .doesNotContainIgnoringCase("access-control-allow-origin");
      assertThat(client.socketId().value()).matches("\\d+\\.\\d+");

      client.join("news");
      server.api().trigger("news", "e", "x");

      assertThat(client.nextText())
          .isEqualTo("{\"event\":\"e\",\"channel\":\"news\",\"data\":\"x\"}");
      assertThat(client.requests()).isEqualTo(1);
    }
  }

  @Test
  void aPollIsAnsweredWithOneBatchAndEnds() {
    try (XhrClient client = XhrClient.connect(server, XhrClient.POLLING)) {
      assertThat(client.head()).containsIgnoringCase("content-length: ");
      client.join("news");
      int before = client.requests();

      server.api().trigger("news", "e1", "x");
      server.api().trigger("news", "e2", "x");

      assertThat(client.expectEvent("e1").path("data").asText()).isEqualTo("x");
      client.expectEvent("e2");
      assertThat(client.requests()).isBetween(before, before + 2);
    }
  }

  /** A poll waits for as long as there is nothing. */
  @Test
  void aPollThatWaitsIsAnsweredWhenSomethingComes() {
    try (XhrClient client = XhrClient.connect(server, XhrClient.POLLING)) {
      client.join("news");
      client.request();
      Await.until("it is subscribed", () -> server.metrics().contains("type=\"public\"} 1.0"));

      server.api().trigger("news", "e", "x");

      assertThat(client.receiver().readAnswer()).contains("a[\"{").endsWith("\"]\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {XhrClient.STREAMING, XhrClient.POLLING})
  void whateverAnEventHoldsArrivesAsItWasSent(String transport) {
    String data = "quote \" back \\ line \n tab \t nul \u0000 é € 𝄞 \u2028 </script>";
    try (XhrClient client = XhrClient.connect(server, transport);
        TestClient webSocket = server.connect().join("news")) {
      client.join("news");

      for (int length : new int[] {1, 125, 126, 9_000}) {
        server.api().trigger("news", "e", data + "x".repeat(length));

        assertThat(client.nextText()).isEqualTo(webSocket.nextText());
      }
      server.api().trigger("{\"name\":\"e\",\"channel\":\"news\",\"data\":\"\\ud800\"}");
      assertThat(client.nextText()).isEqualTo(webSocket.nextText());
    }
  }

  @Test
  void aFrameOfMoreThan64KibArrivesWhole() {
    try (TestServer roomy = TestServer.start(app -> app.maxEventBytes(200_000));
        XhrClient client = XhrClient.connect(roomy, XhrClient.STREAMING).join("news")) {
      roomy.api().trigger("news", "e", "x".repeat(150_000));

      assertThat(client.expectEvent("e").path("data").asText()).hasSize(150_000);
    }
  }

  @SingleNode
  @ParameterizedTest
  @ValueSource(strings = {XhrClient.STREAMING, XhrClient.POLLING})
  void messagesOfOneBodyAreTakenInTheirOrder(String transport) {
    try (XhrClient client = XhrClient.connect(server, transport)) {
      String answer =
          client.post(
              "["
                  + TestClient.quoted(PING)
                  + ","
                  + TestClient.quoted(
                      "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"a\"}}")
                  + " , "
                  + TestClient.quoted("not json")
                  + "]");

      assertThat(answer)
          .doesNotContainIgnoringCase("content-length")
          .doesNotContainIgnoringCase("transfer-encoding");
      assertThat(client.nextText()).isEqualTo(PONG);
      client.expectEvent("pusher_internal:subscription_succeeded");
      assertThat(client.expectEvent("pusher:error").path("data").path("message").asText())
          .isEqualTo("Invalid message format");
      client.expectSilence();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|got something else",
        "{}|got something else",
        "[|got something else",
        "[\"a\"|got something else",
        "[\"a\"]x|got something else",
        "[\"a\",]|got something else",
        "\"a\"|got something else",
        "[1]|got an array with a number",
        "[[\"a\"]]|got an array with an array",
        "[null]|got an array with null",
        "[\"\\ud800\"]|got something else"
      })
  void aBodyThatIsNoArrayOfStringsIsAnswered400AndHarmsNobody(String body, String got) {
    try (XhrClient client = XhrClient.connect(server, XhrClient.STREAMING)) {
      String answer = client.refused(body);

      assertThat(answer)
          .startsWith("HTTP/1.1 400 ")
          .endsWith("Invalid body: expected a JSON array of strings, " + got + "\n");
      client.expectSilence();
    }
  }

  @Test
  void bytesThatAreNoUtf8AreAnswered400() {
    try (XhrClient client = XhrClient.connect(server, XhrClient.STREAMING)) {
      client
          .sender()
          .send(
              XhrClient.post(client.path() + "/xhr_send", "", "[\"ab\"]")
                  .replace("ab", "\u00ff\u00fe"));

      assertThat(client.sender().readAnswer())
          .startsWith("HTTP/1.1 400 ")
          .contains("got bytes that are no UTF-8");
      client.expectSilence();
    }
  }

  /** Nothing of a body is taken if one of its messages cannot be. */
  @Test
  void aMessageAboveTheLimitIsAnswered413AndNothingOfTheBodyIsTaken() {
    try (XhrClient client = XhrClient.connect(server, XhrClient.POLLING)) {
      String ping = TestClient.quoted(PING);

      assertThat(client.refused("[" + ping + ",\"" + "x".repeat(1_001) + "\"]"))
          .startsWith("HTTP/1.1 413 ")
          .endsWith("Message too big: got 1001 bytes, allowed are 1000 bytes\n");

      client.send("[\"" + "x".repeat(1_000) + "\"]");
      client.expectEvent("pusher:error");
      client.expectSilence();
    }
  }

  @Test
  void aBodyAboveTheLimitOfRequestsIsAnswered413() {
    try (XhrClient client = XhrClient.connect(server, XhrClient.STREAMING)) {
      client
          .sender()
          .send(
              "POST "
                  + client.path()
                  + "/xhr_send HTTP/1.1\r\nOrigin: https://example.com\r\n"
                  + "Content-Length: 2000000\r\n\r\n");

      assertThat(client.sender().readAnswer())
          .startsWith("HTTP/1.1 413 ")
          .containsIgnoringCase("access-control-allow-origin: https://example.com\r\n");
    }
  }

  @Test
  void aBodyMayComeByteByByte() {
    try (XhrClient client = XhrClient.connect(server, XhrClient.STREAMING)) {
      String request =
          XhrClient.post(client.path() + "/xhr_send", "", "[" + TestClient.quoted(PING) + "]");

      for (byte b : request.getBytes(StandardCharsets.US_ASCII)) {
        client.sender().send(new byte[] {b});
      }

      client.readPosted();
      assertThat(client.nextText()).isEqualTo(PONG);
    }
  }

  @Test
  void sendingToASessionThatIsNotThereIsAnswered404() {
    try (XhrClient client = XhrClient.of(server, XhrClient.STREAMING)) {
      assertThat(client.refused("[]"))
          .startsWith("HTTP/1.1 404 ")
          .endsWith("Not found: no such session, or it has ended\n");
    }
  }

  /** Whoever guesses an id must also be of the same app and page. */
  @Test
  void aSessionBelongsToItsAppAndOrigin() {
    String session = XhrClient.session();
    String ours = "Origin: https://example.com\r\n";
    try (XhrClient client =
            XhrClient.of(server, XhrClient.STREAMING, TestServer.KEY, session, ours).connect();
        XhrClient otherApp = XhrClient.of(server, XhrClient.STREAMING, "other", session, ours);
        XhrClient otherPage =
            XhrClient.of(
                server,
                XhrClient.STREAMING,
                TestServer.KEY,
                session,
                "Origin: https://evil.test\r\n");
        XhrClient noPage = XhrClient.of(server, XhrClient.STREAMING, TestServer.KEY, session, "")) {
      for (XhrClient stranger : List.of(otherApp, otherPage, noPage)) {
        assertThat(stranger.refused("[" + TestClient.quoted(PING) + "]"))
            .startsWith("HTTP/1.1 404 ");
        stranger.connect();
        assertThat(stranger.socketId()).isNotEqualTo(client.socketId());
      }

      client.expectSilence();
      otherPage.expectSilence();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/pusher",
        "/pusher/",
        "/pusher/info",
        "/pusher/app/KEY/1/abcdefgh",
        "/pusher/app/KEY/1/abcdefgh/websocket",
        "/pusher/app/KEY/1/short/xhr",
        "/pusher/app/KEY/1000/abcdefgh/xhr",
        "/pusher/app/KEY/x/abcdefgh/xhr",
        "/pusher/app/KEY/1/abcd%2Fgh/xhr",
        "/pusher/app/KEY/1/abcdefgh/xhr/"
      })
  void otherPathsAreNotFound(String path) {
    try (RawClient client = RawClient.open(server.port())) {
      client.send(XhrClient.post(path.replace("KEY", TestServer.KEY), "", ""));

      assertThat(client.readAnswer()).startsWith("HTTP/1.1 404 ");
    }
  }

  @Test
  void otherMethodsAreNotAllowed() {
    try (RawClient client = RawClient.open(server.port())) {
      client.send("GET /pusher/app/k/1/abcdefgh/xhr HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(client.readAnswer())
          .startsWith("HTTP/1.1 405 ")
          .containsIgnoringCase("allow: POST, OPTIONS");
    }
  }

  @Test
  void aPreflightAllowsThePageToPostJson() {
    try (RawClient client = RawClient.open(server.port())) {
      client.send(
          "OPTIONS /pusher/app/k/1/abcdefgh/xhr_send?t=1&n=2 HTTP/1.1\r\nHost: x\r\n"
              + "Origin: https://example.com\r\nAccess-Control-Request-Method: POST\r\n"
              + "Access-Control-Request-Headers: content-type\r\n\r\n");

      assertThat(client.readHead())
          .startsWith("HTTP/1.1 204 ")
          .containsIgnoringCase("access-control-allow-origin: https://example.com\r\n")
          .containsIgnoringCase("access-control-allow-methods: POST, OPTIONS\r\n")
          .containsIgnoringCase("access-control-allow-headers: content-type\r\n")
          .containsIgnoringCase("access-control-max-age: ")
          .containsIgnoringCase("vary: origin\r\n")
          .doesNotContainIgnoringCase("credentials");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {XhrClient.STREAMING, XhrClient.POLLING})
  void everyAnswerMayBeReadByThePageThatAsked(String transport) {
    String origin = "Origin: https://example.com\r\n";
    try (XhrClient client =
        XhrClient.of(server, transport, TestServer.KEY, XhrClient.session(), origin).connect()) {
      String allowed = "access-control-allow-origin: https://example.com\r\n";

      assertThat(client.head()).containsIgnoringCase(allowed).containsIgnoringCase("vary: origin");
      assertThat(client.post("[]")).containsIgnoringCase(allowed);
      assertThat(client.refused("{}")).containsIgnoringCase(allowed);
    }
  }

  /** Requests behind a stream wait for its end; what is before it is answered first. */
  @Test
  void answersKeepTheirOrderOnASocketThatIsSharedWithAPoll() {
    String target = "/pusher/app/" + TestServer.KEY + "/" + XhrClient.session();
    try (RawClient client = RawClient.open(server.port())) {
      String up = "GET /up HTTP/1.1\r\nHost: x\r\n\r\n";
      String poll = XhrClient.post(target + "/xhr", "", "");
      String ping = XhrClient.post(target + "/xhr_send", "", "[" + TestClient.quoted(PING) + "]");

      client.send(up + poll + up);

      assertThat(client.readAnswer()).endsWith("{\"health\":\"OK\"}");
      assertThat(client.readAnswer()).contains("\r\n\r\no{}\na[");
      assertThat(client.readAnswer()).endsWith("{\"health\":\"OK\"}");

      client.send(poll + ping + up);

      assertThat(client.readAnswer()).endsWith("a[" + TestClient.quoted(PONG) + "]\n");
      assertThat(client.readHead()).startsWith("HTTP/1.1 204 ");
      assertThat(client.readAnswer()).endsWith("{\"health\":\"OK\"}");
    }
  }

  /** A proxy may speak HTTP/1.0 to the server: there the end of the socket is the end. */
  @Test
  void aStreamInHttp10IsNotChunked() {
    try (RawClient client = RawClient.open(server.port())) {
      client.send(
          "POST /pusher/app/"
              + TestServer.KEY
              + "/"
              + XhrClient.session()
              + "/xhr_streaming HTTP/1.0\r\nContent-Length: 0\r\n\r\n");

      assertThat(client.readHead())
          .startsWith("HTTP/1.1 200 ")
          .containsIgnoringCase("connection: close")
          .doesNotContainIgnoringCase("transfer-encoding");
      assertThat(client.readLine()).isEqualTo("o{}");
      assertThat(client.readLine()).startsWith("a[\"{");
    }
  }

  @Test
  void thePathPrefixStandsBeforeThem() {
    try (TestServer prefixed =
            TestServer.start(
                TestServer.config().toBuilder().path("/ws").build(), TestServer.app().build());
        RawClient client = RawClient.open(prefixed.port())) {
      String path = "/pusher/app/" + TestServer.KEY + "/1/abcdefgh/xhr";

      client.send(XhrClient.post("/ws" + path, "", "") + XhrClient.post(path, "", ""));

      assertThat(client.readAnswer()).contains("\r\n\r\no{}\na[");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 404 ");
    }
  }

  @Test
  void membersSeeOneAnotherWhateverCarriesThem() {
    try (TestClient ann = server.connect();
        XhrClient ben = XhrClient.connect(server, XhrClient.STREAMING);
        XhrClient eve = XhrClient.connect(server, XhrClient.POLLING)) {
      ann.joinAs("presence-a", "{\"user_id\":\"ann\"}");
      ben.join("presence-a", "{\"user_id\":\"ben\"}");
      JsonNode members = eve.join("presence-a", "{\"user_id\":\"eve\"}");

      assertThat(
              TestClient.json(members.path("data").asText()).path("presence").path("count").asInt())
          .isEqualTo(3);
      ann.expectEvent("pusher_internal:member_added");
      ann.expectEvent("pusher_internal:member_added");
      ben.expectEvent("pusher_internal:member_added");

      eve.message("{\"event\":\"client-wave\",\"channel\":\"presence-a\",\"data\":{\"a\":1}}");

      String wave =
          "{\"event\":\"client-wave\",\"channel\":\"presence-a\",\"data\":{\"a\":1},\"user_id\":\"eve\"}";
      assertThat(ann.nextText()).isEqualTo(wave);
      assertThat(ben.nextText()).isEqualTo(wave);
      eve.expectSilence();
    }
  }
}
