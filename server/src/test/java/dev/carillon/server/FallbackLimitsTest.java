package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.auth.UserAuth;
import dev.carillon.server.config.AppConfigBuilder;
import dev.carillon.server.config.Cidr;
import dev.carillon.server.config.RateLimiting;
import dev.carillon.server.config.ServerConfig;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.XhrClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits and sign-in are the same for clients of the HTTP fallbacks. */
class FallbackLimitsTest {
  private static final String PING = "{\"event\":\"pusher:ping\"}";

  /** A session's further requests are no handshakes. */
  @Test
  void aSessionIsOneHandshakeOfItsAddress() {
    try (TestServer server =
            start(TestServer.config().toBuilder().handshakesPerMinute(2), TestServer.app());
        XhrClient poll = XhrClient.connect(server, XhrClient.POLLING);
        XhrClient refused = XhrClient.of(server, XhrClient.STREAMING)) {
      for (int i = 0; i < 5; i++) {
        poll.message(PING).expectEvent("pusher:pong");
      }
      XhrClient.connect(server, XhrClient.STREAMING).close();

      assertThat(refused.wholeAnswer())
          .endsWith("c[4100,\"Too many connections from this address at once\"]");
      poll.expectSilence();
    }
  }

  @Test
  void behindATrustedProxyTheClientIsWhoTheProxyNames() {
    ServerConfig.Builder trusting =
        TestServer.config().toBuilder()
            .trustedProxies(List.of(Cidr.parse("127.0.0.1").orElseThrow()))
            .handshakesPerMinute(1);
    try (TestServer server = start(trusting, TestServer.app().forceTls(true))) {
      try (XhrClient one = from(server, "203.0.113.1", "https").connect();
          XhrClient two = from(server, "203.0.113.2", "https").connect();
          XhrClient again = from(server, "203.0.113.1", "https");
          XhrClient plain = from(server, "203.0.113.3", "http")) {
        assertThat(again.wholeAnswer().get(2)).startsWith("c[4100,");
        assertThat(plain.wholeAnswer().get(2)).startsWith("c[4000,");
        one.expectSilence();
        two.expectSilence();
      }
    }
  }

  private static XhrClient from(TestServer server, String address, String proto) {
    String headers = "X-Forwarded-For: " + address + "\r\nX-Forwarded-Proto: " + proto + "\r\n";
    return XhrClient.of(server, XhrClient.STREAMING, TestServer.KEY, XhrClient.session(), headers);
  }

  @Test
  void whoDoesNotSignInIsClosed() {
    try (TestServer server = TestServer.start(app -> app.signinTimeout(Duration.ofSeconds(1)));
        XhrClient user = XhrClient.connect(server, XhrClient.STREAMING);
        XhrClient nobody = XhrClient.connect(server, XhrClient.STREAMING)) {
      signIn(user, "{\"id\":\"u1\"}");

      assertThat(nobody.expectEvent("pusher:error").path("data").path("code").asInt())
          .isEqualTo(4009);
      assertThat(nobody.closeCode()).isEqualTo(4009);
      user.expectSilence();
    }
  }

  @Test
  void ofTheMessagesOfOneBodyThoseAboveTheRateAreNotTaken() {
    RateLimiting three = new RateLimiting(true, 3, Duration.ofMinutes(1), true);
    try (TestServer server = TestServer.start(app -> app.rateLimiting(three));
        XhrClient client = XhrClient.connect(server, XhrClient.STREAMING);
        XhrClient other = XhrClient.connect(server, XhrClient.STREAMING)) {
      String ping = TestClient.quoted(PING);
      client.send("[" + String.join(",", ping, ping, ping, ping, ping, ping) + "]");

      for (int i = 0; i < 3; i++) {
        client.expectEvent("pusher:pong");
      }
      assertThat(client.expectEvent("pusher:error").path("data").path("code").asInt())
          .isEqualTo(4301);
      assertThat(client.closeCode()).isEqualTo(4100);
      other.expectSilence();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {XhrClient.STREAMING, XhrClient.POLLING})
  void aUserIsToldOfWatchedOnesAndCanBeTerminated(String transport) {
    try (TestServer server = TestServer.startWithOfflineGrace(Duration.ZERO)) {
      try (XhrClient user = XhrClient.connect(server, transport)) {
        signIn(user, "{\"id\":\"u1\",\"watchlist\":[\"u2\"]}");
        user.expectEvent("pusher_internal:watchlist_events");
        server.connect().signedInAs("u2").close();
        user.expectEvent("pusher_internal:watchlist_events");
        user.expectEvent("pusher_internal:watchlist_events");
        server.api().trigger("#server-to-user-u1", "paid", "1");
        user.expectEvent("paid");

        server.api().post("/users/u1/terminate_connections", "{}");

        assertThat(user.closeCode()).isEqualTo(4009);
      }
      for (String gauge : List.of("connections", "signed_in_connections", "user_topics")) {
        Await.until(
            gauge, () -> server.metrics().contains("carillon_" + gauge + "{app=\"3\"} 0.0"));
      }
    }
  }

  private static void signIn(XhrClient client, String userData) {
    String auth = UserAuth.sign(TestServer.CREDENTIALS, client.socketId(), userData);
    client.message(
        "{\"event\":\"pusher:signin\",\"data\":{\"auth\":"
            + TestClient.quoted(auth)
            + ",\"user_data\":"
            + TestClient.quoted(userData)
            + "}}");
    client.expectEvent("pusher:signin_success");
  }

  private static TestServer start(ServerConfig.Builder server, AppConfigBuilder app) {
    return TestServer.start(server.build(), app.build());
  }
}
