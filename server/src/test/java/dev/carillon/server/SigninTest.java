package dev.carillon.server;

import static dev.carillon.server.support.TestClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.auth.UserAuth;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in, and what is sent to a user. Cases 48 and 62 to 66. */
class SigninTest {
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void userDataIsEchoedByteForByte() {
    String userData =
        " {\"id\" : \"u1\", \"user_info\":{\"name\":\"Änn\\u00e9\\/ \\\"\"}, \"x\":1.50}";
    try (TestClient ann = server.connect()) {
      ann.signinSigned(userData);

      JsonNode frame = ann.expectEvent("pusher:signin_success");
      assertThat(frame.has("channel")).isFalse();
      assertThat(frame.path("data").isTextual()).isTrue();
      JsonNode data = json(frame.path("data").asText());
      assertThat(data.path("user_data").asText()).isEqualTo(userData);
      assertThat(data.size()).isEqualTo(1);
    }
  }

  @Test
  void itsDataMayBeAStringItself() {
    String userData = "{\"id\":\"u1\"}";
    try (TestClient ann = server.connect()) {
      String auth = UserAuth.sign(TestServer.CREDENTIALS, ann.socketId(), userData);
      String data = "{\"auth\":\"" + auth + "\",\"user_data\":" + TestClient.quoted(userData) + "}";
      ann.send("{\"event\":\"pusher:signin\",\"data\":" + TestClient.quoted(data) + "}");

      ann.expectEvent("pusher:signin_success");
    }
  }

  @Test
  void aWrongSignatureIsRefused() {
    String userData = "{\"id\":\"u1\"}";
    try (TestClient ann = server.connect();
        TestClient ben = server.connect()) {
      String wrong = TestServer.KEY + ":" + "0".repeat(64);
      String ofBen = UserAuth.sign(TestServer.CREDENTIALS, ben.socketId(), userData);
      String otherKey =
          UserAuth.sign(new Credentials("other", TestServer.SECRET), ann.socketId(), userData);
      String otherData = UserAuth.sign(TestServer.CREDENTIALS, ann.socketId(), userData + " ");
      String channel = ann.sign("presence-a", userData);
      for (String auth : new String[] {wrong, ofBen, otherKey, otherData, channel, "", ":", "x"}) {
        ann.signin(auth, userData);

        JsonNode error = ann.expectError();
        assertThat(error.path("code").isNull()).isTrue();
        assertThat(error.path("message").asText()).startsWith("Invalid ");
        ann.expectSilence();
      }
      ann.signedInAs("u1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"id\":7}",
        "{\"id\":\"\"}",
        "{\"id\":null}",
        "{\"id\":[\"u1\"]}",
        "[]",
        "",
        "u1",
        "{\"id\":\"u1\",\"watchlist\":[1]}",
        "{\"id\":\"u1\",\"watchlist\":{}}"
      })
  void userDataThatNamesNobodyIsRefused(String userData) {
    try (TestClient ann = server.connect()) {
      ann.signinSigned(userData);

      assertThat(ann.expectError().path("code").isNull()).isTrue();
      ann.expectSilence();
      ann.subscribe("#server-to-user-u1").expectEvent("pusher:subscription_error");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"event\":\"pusher:signin\"}",
        "{\"event\":\"pusher:signin\",\"data\":{}}",
        "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\"a:b\"}}",
        "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\"a:b\",\"user_data\":null}}",
        "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\"a:b\",\"user_data\":{\"id\":\"u1\"}}}",
        "{\"event\":\"pusher:signin\",\"data\":{\"auth\":1,\"user_data\":\"{}\"}}"
      })
  void aSigninThatIsNotOfItsFormIsRefused(String frame) {
    try (TestClient ann = server.connect()) {
      ann.send(frame);

      assertThat(ann.expectError().path("code").isNull()).isTrue();
      ann.expectSilence();
    }
  }

  @Test
  void idAndInfoHaveLimits() {
    try (TestClient ann = server.connect()) {
      ann.signinSigned("{\"id\":\"" + "u".repeat(129) + "\"}");
      assertThat(ann.expectError().path("message").asText())
          .isEqualTo("Invalid user_id: got 129 characters, allowed are 1 to 128");
      ann.signinSigned("{\"id\":\"u1\",\"user_info\":\"" + "x".repeat(2047) + "\"}");
      assertThat(ann.expectError().path("message").asText())
          .isEqualTo("user_info is too large: got 2049 bytes, allowed are 2048");

      ann.signinSigned("{\"id\":\"u1\",\"user_info\":\"" + "x".repeat(2046) + "\"}");
      ann.expectEvent("pusher:signin_success");
    }
  }

  @Test
  void aConnectionStaysWithItsUser() {
    try (TestClient ann = server.connect()) {
      ann.signedInAs("u1");

      ann.signinSigned("{\"id\":\"u2\"}");
      JsonNode error = ann.expectError();
      assertThat(error.path("code").isNull()).isTrue();
      assertThat(error.path("message").asText())
          .isEqualTo("This connection is signed in as 'u1' and cannot change to 'u2'");

      ann.signedInAs("u1");
      ann.expectSilence();
      server.api().trigger("#server-to-user-u1", "once", "1");
      ann.expectEvent("once");
      ann.expectSilence();
    }
  }

  @Test
  void onlyTheUserMaySubscribeToTheUsersChannel() {
    try (TestClient ann = server.connect()) {
      ann.subscribe("#server-to-user-u1");
      refused(ann);

      ann.signedInAs("u1");
      ann.subscribe("#server-to-user-u1", "", null);
      assertThat(ann.nextText())
          .isEqualTo(
              "{\"event\":\"pusher_internal:subscription_succeeded\","
                  + "\"channel\":\"#server-to-user-u1\",\"data\":\"{}\"}");
      ann.subscribe("#server-to-user-u2");
      refused(ann);
      ann.subscribe("#server-to-user-");
      refused(ann);
    }
  }

  private static void refused(TestClient client) {
    assertThat(client.expectEvent("pusher:subscription_error").path("data").path("status").asInt())
        .isIn(400, 401);
    assertThat(client.expectError().path("code").isNull()).isTrue();
    client.expectSilence();
  }

  @Test
  void eventsReachAllConnectionsOfTheUserAndNobodyElse() {
    try (TestClient tab = server.connect();
        TestClient phone = server.connect();
        TestClient ben = server.connect();
        TestClient nobody = server.connect()) {
      tab.signedInAs("u1");
      phone.signedInAs("u1");
      phone.subscribe("#server-to-user-u1");
      phone.expectEvent("pusher_internal:subscription_succeeded");
      ben.signedInAs("u2");
      ben.joinAs("presence-a", "{\"user_id\":\"u1\"}");

      server.api().trigger("#server-to-user-u1", "paid", "{\"id\":1}");

      String frame =
          "{\"event\":\"paid\",\"channel\":\"#server-to-user-u1\",\"data\":\"{\\\"id\\\":1}\"}";
      assertThat(tab.nextText()).isEqualTo(frame);
      assertThat(phone.nextText()).isEqualTo(frame);
      tab.expectSilence();
      phone.expectSilence();
      ben.expectSilence();
      nobody.expectSilence();
    }
  }

  @Test
  void eventsLeaveOutTheConnectionThatIsNamed() {
    try (TestClient tab = server.connect().signedInAs("u1");
        TestClient phone = server.connect().signedInAs("u1")) {
      server
          .api()
          .trigger(
              "{\"name\":\"e\",\"channel\":\"#server-to-user-u1\",\"data\":\"1\",\"socket_id\":\""
                  + tab.socketId().value()
                  + "\"}");

      phone.expectEvent("e");
      tab.expectSilence();
    }
  }

  @Test
  void unsubscribingFromTheUsersChannelChangesNothing() {
    try (TestClient ann = server.connect().signedInAs("u1")) {
      ann.unsubscribe("#server-to-user-u1").expectSilence();

      server.api().trigger("#server-to-user-u1", "e", "1");

      ann.expectEvent("e");
    }
  }

  @Test
  void aUsersChannelTakesNoClientEvents() {
    try (TestClient ann = server.connect().signedInAs("u1")) {
      ann.send("{\"event\":\"client-x\",\"channel\":\"#server-to-user-u1\",\"data\":{}}");

      assertThat(ann.expectError().path("message").asText())
          .isEqualTo("Client event rejected - only supported on private and presence channels");
    }
  }

  @Test
  void aUsersChannelIsNotListedAndHasNoSubscribers() {
    try (TestClient ann = server.connect().signedInAs("u1")) {
      ann.subscribe("#server-to-user-u1");
      ann.expectEvent("pusher_internal:subscription_succeeded");
      ann.join("listed-here");

      assertThat(server.api().get("/channels").body())
          .contains("listed-here")
          .doesNotContain("server-to-user");
      assertThat(server.api().get("/channels/%23server-to-user-u1").body())
          .isEqualTo("{\"occupied\":false}");
    }
  }

  @Test
  void theSignedInUserIsTheMemberWhereThereIsNoChannelData() {
    try (TestClient ann = server.connect();
        TestClient ben = server.connect()) {
      ann.signinSigned("{\"id\":\"u1\",\"user_info\":{\"name\":\"Ann\"}}");
      ann.expectEvent("pusher:signin_success");

      ann.subscribeSigned("presence-b", null);
      assertThat(
              json(ann.expectEvent("pusher_internal:subscription_succeeded").path("data").asText()))
          .isEqualTo(
              json(
                  "{\"presence\":{\"count\":1,\"ids\":[\"u1\"],\"hash\":{\"u1\":{\"name\":\"Ann\"}}}}"));

      ben.subscribeSigned("presence-b", null);
      assertThat(ben.expectEvent("pusher:subscription_error").path("data").path("status").asInt())
          .isEqualTo(400);
    }
  }

  @Test
  void channelDataCountsAloneWhereThereIsSome() {
    try (TestClient ann = server.connect()) {
      ann.signinSigned("{\"id\":\"u1\",\"user_info\":{\"name\":\"Ann\"}}");
      ann.expectEvent("pusher:signin_success");

      JsonNode members = ann.joinAs("presence-c", "{\"user_id\":\"other\"}");

      assertThat(members.path("ids")).hasToString("[\"other\"]");
      assertThat(members.path("hash")).hasToString("{\"other\":null}");
      ann.subscribe("presence-d", TestServer.KEY + ":" + "0".repeat(64), null);
      assertThat(ann.expectEvent("pusher:subscription_error").path("data").path("status").asInt())
          .isEqualTo(401);
    }
  }

  @Test
  void anIdThatNoChannelCanHaveSignsInAllTheSame() {
    try (TestClient ann = server.connect().signedInAs("ann b+c@x.org/\u00fc")) {
      ann.subscribe("#server-to-user-ann b+c@x.org/\u00fc");
      ann.expectEvent("pusher:subscription_error");
      ann.expectError();
      ann.subscribeSigned("presence-e", null);
      ann.expectEvent("pusher_internal:subscription_succeeded");
    }
  }

  @Test
  void nothingIsLeftOfAUserWhoHasGone() {
    try (TestServer own = TestServer.startWithOfflineGrace(Duration.ZERO)) {
      String topics = "carillon_user_topics{app=\"3\"} ";
      String connections = "carillon_signed_in_connections{app=\"3\"} ";
      try (TestClient ann = own.connect().signedInAs("u1", "u2");
          TestClient again = own.connect().signedInAs("u1")) {
        again.signedInAs("u1");
        ann.expectEvent("pusher_internal:watchlist_events");
        again.joinAs("presence-a", "{\"user_id\":\"u3\"}");
        assertThat(own.metrics()).contains(connections + "2.0").contains(topics + "3.0");
      }
      Await.until("signed out", () -> own.metrics().contains(connections + "0.0"));
      Await.until("forgotten", () -> own.metrics().contains(topics + "0.0"));
    }
  }
}
