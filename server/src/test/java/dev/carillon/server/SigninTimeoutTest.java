package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SigninTimeoutTest {
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start(app -> app.signinTimeout(Duration.ofSeconds(1)));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void whoDoesNotSignInIsClosed() {
    long begin = System.nanoTime();
    try (TestClient ann = server.connect()) {
      JsonNode error = ann.expectError();

      assertThat(error.path("code").asInt()).isEqualTo(4009);
      assertThat(error.path("message").asText())
          .isEqualTo("Connection not authorized within timeout");
      assertThat(ann.closeCode()).isEqualTo(4009);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void aPublicChannelOrARefusalIsNoAuthorization() {
    try (TestClient ann = server.connect()) {
      ann.join("news");
      ann.subscribe("private-a", "x:y", null);
      ann.expectEvent("pusher:subscription_error");
      ann.expectError();
      ann.signin("x:y", "{\"id\":\"u1\"}");
      ann.expectError();

      assertThat(ann.expectError().path("code").asInt()).isEqualTo(4009);
      assertThat(ann.closeCode()).isEqualTo(4009);
    }
  }

  @Test
  void whoIsAuthorizedInOneWayStays() {
    try (TestClient user = server.connect().signedInAs("u1");
        TestClient member = server.connect();
        TestClient subscriber = server.connect().join("private-a");
        TestClient former =
            server.connect().join("private-encrypted-a").unsubscribe("private-encrypted-a");
        TestClient nobody = server.connect()) {
      member.joinAs("presence-a", "{\"user_id\":\"7\"}");

      // Nobody is the last to come: when it has been closed, the others' time is over too.
      nobody.expectError();
      assertThat(nobody.closeCode()).isEqualTo(4009);

      user.expectSilence();
      member.expectSilence();
      subscriber.expectSilence();
      former.expectSilence();
    }
  }
}
