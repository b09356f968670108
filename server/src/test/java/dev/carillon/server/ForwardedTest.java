package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.config.Cidr;
import dev.carillon.server.support.ConnectionLog;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What proxies say by X-Forwarded-For and X-Forwarded-Proto. */
class ForwardedTest {
  private static final String APP = "/app/" + TestServer.KEY + "?protocol=7";

  private static TestServer server;
  private static ConnectionLog log;

  @BeforeAll
  static void start() {
    log = new ConnectionLog();
    server = start(false, "127.0.0.1", "10.0.0.0/8", "fd00::/8");
  }

  @AfterAll
  static void close() {
    server.close();
    log.close();
  }

  private static TestServer start(boolean forceTls, String... trusted) {
    return TestServer.start(
        TestServer.config().toBuilder()
            .trustedProxies(Stream.of(trusted).map(t -> Cidr.parse(t).orElseThrow()).toList())
            .build(),
        TestServer.app().forceTls(forceTls).build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.7 | 203.0.113.7",
        "203.0.113.7, 10.1.2.3 | 203.0.113.7",
        "198.51.100.1, 203.0.113.7,10.1.2.3 , 10.4.5.6 | 203.0.113.7",
        "garbage, 203.0.113.7, 10.1.2.3 | 203.0.113.7",
        "10.1.2.3, 10.4.5.6 | 10.1.2.3",
        "203.0.113.7:4711 | 203.0.113.7",
        "2001:db8::7 | 2001:db8:0:0:0:0:0:7",
        "[2001:db8::7]:4711, fd00::1 | 2001:db8:0:0:0:0:0:7",
        "[2001:db8::7] | 2001:db8:0:0:0:0:0:7",
        "::ffff:203.0.113.7 | 203.0.113.7",
      })
  void theClientIsTheLastThatIsNoTrustedProxy(String header, String address) {
    assertThat(addressOf("X-Forwarded-For: " + header + "\r\n")).isEqualTo(address);
  }

  @Test
  void severalHeadersAreOneList() {
    assertThat(
            addressOf(
                "X-Forwarded-For: 198.51.100.1, 203.0.113.7\r\nX-Forwarded-For: 10.1.2.3\r\n"))
        .isEqualTo("203.0.113.7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown",
        "203.0.113.7, unknown",
        "203.0.113.7, ",
        ",",
        ":",
        "]:1",
        "[",
        "203.0.113.7:x",
        "203.0.113",
        "203.0.113.256",
        "example.com",
        "203.0.113.7;x",
        "1.2.3.4:5:6",
        "_hidden"
      })
  void garbageIsIgnored(String header) {
    assertThat(addressOf("X-Forwarded-For: " + header + "\r\n")).isEqualTo("127.0.0.1");
  }

  @Test
  void anEmptyHeaderIsIgnored() {
    assertThat(addressOf("X-Forwarded-For:\r\n")).isEqualTo("127.0.0.1");
    assertThat(addressOf("X-Forwarded-For: " + "10.0.0.1,".repeat(1_000) + "10.0.0.1\r\n"))
        .isEqualTo("10.0.0.1");
  }

  private static String addressOf(String headers) {
    return shake(server, headers, "pusher:connection_established")
        .replaceAll(".* address=(\\S+) .*", "$1");
  }

  /** Shakes hands; the log's line, if it was let in. */
  private static String shake(TestServer server, String headers, String event) {
    try (RawClient client = RawClient.open(server.port())) {
      client.send(RawClient.handshake(APP).replace("Host:", headers + "Host:"));
      client.readHead();
      assertThat(TestClient.json(client.expect(RawClient.TEXT).text()).path("event").asText())
          .isEqualTo(event);
      return event.equals("pusher:error") ? "" : log.next("Connection opened");
    }
  }

  @Test
  void whoIsNotTrustedIsNotBelieved() {
    try (TestServer other = start(true, "10.0.0.0/8")) {
      shake(other, "X-Forwarded-Proto: https\r\nX-Forwarded-For: 10.0.0.1\r\n", "pusher:error");
    }
    try (TestServer other = start(false)) {
      assertThat(shake(other, "X-Forwarded-For: 1.2.3.4\r\n", "pusher:connection_established"))
          .contains("address=127.0.0.1 tls=false");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https | pusher:connection_established",
        "HTTPS | pusher:connection_established",
        "wss | pusher:connection_established",
        "http, https | pusher:connection_established",
        "http | pusher:error",
        "https, http | pusher:error",
        "httpsx | pusher:error",
        "'' | pusher:error",
      })
  void tlsIsWhatTheTrustedProxySays(String proto, String event) {
    try (TestServer tlsOnly = start(true, "127.0.0.1")) {
      shake(tlsOnly, "X-Forwarded-Proto: " + proto + "\r\n", event);
    }
  }

  @Test
  void plainToATlsOnlyAppIsRefusedWith4000AlsoBehindAProxy() {
    try (TestServer tlsOnly = start(true, "127.0.0.1");
        TestClient client = tlsOnly.open(APP)) {
      assertThat(client.expectError().path("code").asInt()).isEqualTo(4000);
      assertThat(client.closeCode()).isEqualTo(4000);
    }
  }
}
