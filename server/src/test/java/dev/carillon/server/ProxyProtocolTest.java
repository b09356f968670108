package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.config.Cidr;
import dev.carillon.server.support.ConnectionLog;
import dev.carillon.server.support.ErrorLog;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What proxies say by a PROXY header, versions 1 and 2. */
class ProxyProtocolTest {
  private static final String APP = "/app/" + TestServer.KEY + "?protocol=7";
  private static final String UP = "GET /up HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String V1 = "PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n";
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;
  private static final int TCP4 = 0x11;
  private static final int TCP6 = 0x21;
  private static final int UNIX = 0x31;
  private static final byte[] FOUR = {
    (byte) 203, 0, 113, 7, (byte) 192, 0, 2, 1, (byte) 0xdc, 4, 1, (byte) 0xbb
  };

  /** PP2_TYPE_SSL of a client that came by TLS, with PP2_SUBTYPE_SSL_VERSION in it. */
  private static final byte[] SSL = {
    0x20, 0, 15, 1, 0, 0, 0, 0, 0x21, 0, 7, 'T', 'L', 'S', 'v', '1', '.', '3'
  };

  private static final byte[] AUTHORITY = {2, 0, 4, 'h', 'o', 's', 't'};
  private static final byte[] NOOP = {4, 0, 2, 0, 0};

  private static TestServer server;
  private static TestServer tlsOnly;
  private static ConnectionLog log;
  private ErrorLog errors;

  @BeforeAll
  static void start() {
    log = new ConnectionLog();
    server = start(false, "127.0.0.1");
    tlsOnly = start(true, "127.0.0.1");
  }

  @AfterAll
  static void close() {
    server.close();
    tlsOnly.close();
    log.close();
  }

  @BeforeEach
  void listen() {
    errors = new ErrorLog();
  }

  @AfterEach
  void nothingIsLogged() {
    errors.expectNothing();
    errors.close();
  }

  private static TestServer start(boolean forceTls, String trusted) {
    return TestServer.start(
        TestServer.config().toBuilder()
            .trustedProxies(List.of(Cidr.parse(trusted).orElseThrow()))
            .build(),
        TestServer.app().forceTls(forceTls).build());
  }

  private static byte[] v2(int command, int family, byte[]... parts) {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    header.writeBytes("\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.ISO_8859_1));
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    header.write(command);
    header.write(family);
    header.write(length >> 8);
    header.write(length);
    Arrays.stream(parts).forEach(header::writeBytes);
    return header.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Connects with that header before the handshake; the log's line. */
  private static String opened(TestServer server, byte[] header) {
    try (RawClient client = RawClient.open(server.port())) {
      client.send(header).shake(APP);
      client.expectEvent("pusher:connection_established");
      client.expectSilence();
      return log.next("Connection opened");
    }
  }

  @Test
  void version1NamesTheClient() {
    assertThat(opened(server, bytes(V1))).contains("address=203.0.113.7 tls=false");
    assertThat(opened(server, bytes("PROXY TCP6 2001:db8::7 2001:db8::1 56324 443\r\n")))
        .contains("address=2001:db8:0:0:0:0:0:7 tls=false");
  }

  @Test
  void version2NamesTheClient() {
    byte[] six = new byte[36];
    six[0] = 0x20;
    six[1] = 1;
    six[15] = 7;
    six[16] = 0x20;

    assertThat(opened(server, v2(PROXY, TCP4, FOUR))).contains("address=203.0.113.7 tls=false");
    assertThat(opened(server, v2(PROXY, TCP6, six))).contains("address=2001:0:0:0:0:0:0:7 ");
  }

  @Test
  void version2MayHaveMoreToSay() {
    assertThat(opened(server, v2(PROXY, TCP4, FOUR, AUTHORITY, NOOP)))
        .contains("address=203.0.113.7 tls=false");
    assertThat(opened(tlsOnly, v2(PROXY, TCP4, FOUR, AUTHORITY, SSL, NOOP)))
        .contains("address=203.0.113.7 tls=true");
  }

  @Test
  void anSslPartOfAClientWithoutTlsIsNoTls() {
    byte[] plain = SSL.clone();
    plain[3] = 0;
    try (RawClient client = RawClient.open(tlsOnly.port())) {
      client.send(v2(PROXY, TCP4, FOUR, plain)).shake(APP);

      JsonNode error = client.expectEvent("pusher:error");

      assertThat(error.path("data").path("code").asInt()).isEqualTo(4000);
    }
  }

  /** Health checks, and what is no TCP. */
  @Test
  void withoutAnAddressThePeersOwnCounts() {
    byte[] paths = new byte[216];
    Arrays.fill(paths, 0, 4, (byte) '/');
    Arrays.fill(paths, 108, 112, (byte) '/');

    assertThat(opened(server, bytes("PROXY UNKNOWN\r\n"))).contains("address=127.0.0.1 ");
    assertThat(opened(server, bytes("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n")))
        .contains("address=127.0.0.1 ");
    assertThat(opened(server, v2(LOCAL, 0))).contains("address=127.0.0.1 ");
    assertThat(opened(server, v2(LOCAL, TCP4, FOUR))).contains("address=127.0.0.1 ");
    assertThat(opened(server, v2(PROXY, 0))).contains("address=127.0.0.1 ");
    assertThat(opened(server, v2(PROXY, UNIX, paths))).contains("address=127.0.0.1 ");
  }

  @Test
  void aTrustedProxyMayAlsoSayNothing() {
    assertThat(opened(server, new byte[0])).contains("address=127.0.0.1 tls=false");
  }

  /** The client wrote the header: a proxy that sends PROXY does not read HTTP. */
  @Test
  void behindPROXYTheClientsForwardedHeadersAreNotBelieved() {
    try (RawClient client = RawClient.open(tlsOnly.port())) {
      client.send(
          V1
              + RawClient.handshake(APP)
                  .replace(
                      "Host:", "X-Forwarded-Proto: https\r\nX-Forwarded-For: 1.1.1.1\r\nHost:"));
      client.readHead();

      client.expectEvent("pusher:error");
    }
  }

  @Test
  void headersMayComeInSingleBytesAndTogetherWithWhatFollows() {
    for (byte[] header : List.of(bytes(V1), v2(PROXY, TCP4, FOUR, SSL))) {
      try (RawClient client = RawClient.open(server.port())) {
        for (byte one : header) {
          client.send(new byte[] {one});
        }
        for (byte one : bytes(UP)) {
          client.send(new byte[] {one});
        }
        assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
      }
      try (RawClient client = RawClient.open(server.port())) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(header);
        all.writeBytes(bytes(UP + UP));
        client.send(all.toByteArray());
        assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
        assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
        client.send(UP);
        assertThat(client.readAnswer()).startsWith("HTTP/1.1 200 ");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY TCP4 203.0.113.7 192.0.2.1 56324\r\n",
        "PROXY TCP4 203.0.113.777 192.0.2.1 56324 443\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 99999 443\r\n",
        "PROXY TCP6 203.0.113.7 192.0.2.1 56324 443\r\n",
        "PROXY TCP9 203.0.113.7 192.0.2.1 56324 443\r\n",
        "PROXY  \r\n\r\n\r\n\r\n",
        "PROXY /up HTTP/1.1\r\nHost: x\r\n\r\n",
      })
  void aHeaderThatIsNotValidEndsTheConnection(String header) {
    expectRefused(bytes(header));
  }

  @Test
  void aHeaderThatIsTooLongEndsTheConnection() {
    expectRefused(bytes("PROXY TCP4 " + "1".repeat(200)));
    expectRefused(bytes("PROXY UNKNOWN " + "1".repeat(200) + "\r\n"));
    byte[] longest = v2(PROXY, TCP4, FOUR, new byte[5_000]);
    longest[14] = (byte) 0xff;
    longest[15] = (byte) 0xff;
    expectRefused(longest);
    expectRefused(v2(PROXY, TCP4, FOUR, new byte[5_000]));
  }

  @Test
  void aBinaryHeaderThatIsNotValidEndsTheConnection() {
    expectRefused(v2(0x31, TCP4, FOUR));
    expectRefused(v2(0x22, TCP4, FOUR));
    expectRefused(v2(PROXY, 0x77, FOUR));
    expectRefused(v2(PROXY, TCP4, Arrays.copyOf(FOUR, 11)));
    expectRefused(v2(PROXY, TCP4, FOUR, new byte[] {2, (byte) 0xff, (byte) 0xff, 1}));
    expectRefused(v2(PROXY, TCP4, FOUR, new byte[] {0x20, 0, 2, 1, 0}));
  }

  private void expectRefused(byte[] header) {
    try (RawClient client = RawClient.open(server.port())) {
      client.send(header);
      client.expectEnd();
    }
    assertThat(log.next("PROXY header refused")).contains("127.0.0.1");
  }

  @Test
  void aHeaderThatEndsInTheMiddleHarmsNobody() {
    for (byte[] header : List.of(bytes(V1), v2(PROXY, TCP4, FOUR, SSL))) {
      for (int length = 1; length < header.length; length++) {
        try (RawClient client = RawClient.open(server.port())) {
          client.send(Arrays.copyOf(header, length));
        }
      }
    }
    assertThat(opened(server, bytes(V1))).contains("address=203.0.113.7");
  }

  /** To others it is no HTTP. */
  @Test
  void whoIsNotTrustedMaySendNone() {
    try (TestServer other = start(false, "10.0.0.0/8")) {
      for (byte[] header : List.of(bytes(V1), v2(PROXY, TCP4, FOUR))) {
        try (RawClient client = RawClient.open(other.port())) {
          client.send(header).send(UP);

          assertThat(client.readAnswer()).startsWith("HTTP/1.1 400 ");
          client.expectEnd();
        }
      }
    }
  }

  @Test
  void aConnectionOfAProxyServesTheApi() {
    try (RawClient client = RawClient.open(server.port())) {
      client.send(V1).send("GET /apps/3/channels HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(client.readAnswer()).contains("401 ").contains("Missing parameter: auth_key");
    }
    assertThat(TestClient.json(server.api().get("/channels").body()).has("channels")).isTrue();
  }
}
