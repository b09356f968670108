package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.protocol.auth.ChannelAuth;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conformance cases 38 to 48; of 48 what needs no sign-in. */
class PresenceTest {
  private static final String ROOM = "presence-a";
  private static final String ADDED = "pusher_internal:member_added";
  private static final String REMOVED = "pusher_internal:member_removed";

  private TestServer server;
  private TestClient seven;

  @BeforeEach
  void connect() {
    server = TestServer.start();
    seven = server.connect();
  }

  @AfterEach
  void disconnect() {
    seven.close();
    server.close();
  }

  /** Case 38. */
  @Test
  void theAcknowledgementListsTheSubscriberItself() {
    seven.subscribeSigned(ROOM, "{\"user_id\":\"7\",\"user_info\":{\"name\":\"Ann\"}}");

    JsonNode frame = seven.expectEvent("pusher_internal:subscription_succeeded");
    assertThat(frame.path("data").asText())
        .isEqualTo(
            "{\"presence\":{\"count\":1,\"ids\":[\"7\"],\"hash\":{\"7\":{\"name\":\"Ann\"}}}}");
  }

  /** Case 39. */
  @Test
  void othersAreToldOfAJoinerButNotTheJoinerItself() {
    seven.joinAs(ROOM, user("7"));

    try (TestClient eight = server.connect()) {
      JsonNode members =
          eight.joinAs(ROOM, "{\"user_id\":\"8\",\"user_info\":{\"name\":\"Bo\"},\"extra\":1}");

      assertThat(seven.nextText())
          .isEqualTo(
              "{\"event\":\"pusher_internal:member_added\",\"channel\":\"presence-a\",\"data\":"
                  + "\"{\\\"user_id\\\":\\\"8\\\",\\\"user_info\\\":"
                  + "{\\\"name\\\":\\\"Bo\\\"}}\"}");
      assertThat(members.path("count").asInt()).isEqualTo(2);
      assertThat(members.path("hash").path("7").isNull()).isTrue();
      eight.expectSilence();
    }
  }

  /** Case 39: without user_info there is no such key. */
  @Test
  void aJoinerWithoutInfoIsToldWithoutInfo() {
    seven.joinAs(ROOM, user("7"));

    try (TestClient eight = server.connect()) {
      eight.joinAs(ROOM, "{\"user_id\":\"8\",\"user_info\":null}");

      assertThat(seven.expectEvent(ADDED).path("data").asText()).isEqualTo(user("8"));
    }
  }

  /** Cases 40 and 41. */
  @Test
  void aUsersTabsCountOnceAndTheLastOneToGoIsTold() {
    seven.joinAs(ROOM, user("7"));
    TestClient tab = server.connect();
    TestClient other = server.connect();
    tab.joinAs(ROOM, user("8"));
    seven.expectEvent(ADDED);

    assertThat(other.joinAs(ROOM, user("8")).path("count").asInt()).isEqualTo(2);
    seven.expectSilence();
    tab.expectSilence();

    tab.unsubscribe(ROOM).expectSilence();
    seven.expectSilence();
    other.close();
    assertThat(seven.nextText())
        .isEqualTo(
            "{\"event\":\"pusher_internal:member_removed\",\"channel\":\"presence-a\","
                + "\"data\":\"{\\\"user_id\\\":\\\"8\\\"}\"}");
    seven.expectSilence();
    tab.close();
  }

  /** Case 42. */
  @Test
  void aUserWhoseConnectionIsResetIsRemoved() {
    seven.joinAs(ROOM, user("7"));
    RawClient eight = RawClient.open(server.port()).shake("/app/" + TestServer.KEY);
    JsonNode established = eight.expectEvent("pusher:connection_established");
    SocketId socketId =
        new SocketId(TestClient.json(established.path("data").asText()).path("socket_id").asText());
    String auth =
        ChannelAuth.sign(TestServer.CREDENTIALS, socketId, ChannelName.of(ROOM), user("8"));
    eight.sendText(
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"presence-a\",\"auth\":\""
            + auth
            + "\",\"channel_data\":"
            + TestClient.quoted(user("8"))
            + "}}");
    seven.expectEvent(ADDED);

    eight.reset();

    seven.expectEvent(REMOVED);
  }

  /** Case 43. */
  @Test
  void aNumberAndItsTextAreTheSameUser() {
    JsonNode members = seven.joinAs(ROOM, "{\"user_id\":10}");
    assertThat(members.path("ids").toString()).isEqualTo("[10]");
    assertThat(members.path("hash").toString()).isEqualTo("{\"10\":null}");

    try (TestClient tab = server.connect()) {
      assertThat(tab.joinAs(ROOM, user("10")).path("ids").toString()).isEqualTo("[10]");
      seven.expectSilence();
    }
  }

  /** Case 44. */
  @Test
  void sequentialIdsMakeAnObjectAndZeroIsAUser() {
    seven.joinAs(ROOM, user("1"));
    TestClient zero = server.connect();

    JsonNode members = zero.joinAs(ROOM, user("0"));

    assertThat(members.path("hash").toString()).isEqualTo("{\"1\":null,\"0\":null}");
    seven.expectEvent(ADDED);
    zero.close();
    assertThat(seven.expectEvent(REMOVED).path("data").asText()).isEqualTo(user("0"));
  }

  /** Case 45. */
  @Test
  void theInfoOfTheFirstConnectionStays() {
    seven.joinAs(ROOM, "{\"user_id\":\"7\",\"user_info\":1}");

    try (TestClient tab = server.connect()) {
      JsonNode members = tab.joinAs(ROOM, "{\"user_id\":\"7\",\"user_info\":2}");

      assertThat(members.path("hash").path("7").asInt()).isEqualTo(1);
    }
  }

  /** Subscribing again tells the members as they are now, and nobody of a joiner. */
  @Test
  void subscribingAgainTellsTheMembersAgain() {
    seven.joinAs(ROOM, user("7"));
    try (TestClient eight = server.connect()) {
      eight.joinAs(ROOM, user("8"));
      seven.expectEvent(ADDED);

      assertThat(seven.joinAs(ROOM, user("7")).path("count").asInt()).isEqualTo(2);

      eight.expectSilence();
    }
  }

  /** Case 46. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"user_info\":{}}",
        "nonsense",
        "[]",
        "7",
        "{\"user_id\":\"\"}",
        "{\"user_id\":null}",
        "{\"user_id\":true}",
        "{\"user_id\":1.5}",
        "{\"user_id\":{}}",
        "{\"user_id\":9007199254740992}",
        "{\"user_id\":\"7\"} x",
        "{\"user_id\":\"7\""
      })
  void channelDataThatNamesNoUserIsRefused(String channelData) {
    seven.subscribeSigned(ROOM, channelData);

    expectRefusal(seven);
    assertThat(seven.joinAs(ROOM, user("7")).path("count").asInt()).isEqualTo(1);
  }

  /** Case 46. */
  @Test
  void idsAndInfosHaveALimit() {
    String longest = "{\"user_id\":\"" + "i".repeat(128) + "\"}";
    String tooLong = "{\"user_id\":\"" + "i".repeat(129) + "\"}";
    String info = "{\"user_id\":\"8\",\"user_info\":\"" + "i".repeat(2_046) + "\"}";
    String tooMuch = "{\"user_id\":\"9\",\"user_info\":\"" + "i".repeat(2_047) + "\"}";

    seven.joinAs(ROOM, longest);
    seven.subscribeSigned("presence-b", tooLong);
    expectRefusal(seven);
    seven.joinAs("presence-c", info);
    seven.subscribeSigned("presence-d", tooMuch);
    expectRefusal(seven);
  }

  /** Half a surrogate pair is JSON, but no UTF-8: in frames two such users would be one. */
  @Test
  void anIdThatIsNoTextIsRefusedAndNoHarmToOthers() {
    seven.joinAs(ROOM, user("7"));

    try (TestClient eight = server.connect()) {
      eight.subscribeSigned(ROOM, user("\\ud800"));
      expectRefusal(eight);
      assertThat(eight.joinAs(ROOM, user("8")).path("count").asInt()).isEqualTo(2);
      seven.expectEvent(ADDED);
    }
    seven.expectEvent(REMOVED);
  }

  /** Case 47. */
  @Test
  void aFullChannelRefusesFurtherUsersButNotFurtherTabs() {
    try (TestServer small = TestServer.start(app -> app.maxPresenceMembers(2));
        TestClient one = small.connect();
        TestClient two = small.connect();
        TestClient three = small.connect()) {
      one.joinAs(ROOM, user("1"));
      two.joinAs(ROOM, user("2"));
      one.expectEvent(ADDED);

      three.subscribeSigned(ROOM, user("3"));
      JsonNode error = three.expectEvent("pusher:subscription_error").path("data");
      assertThat(error.path("type").asText()).isEqualTo("LimitReached");
      assertThat(error.path("status").asInt()).isEqualTo(4100);
      assertThat(three.expectError().path("code").isNull()).isTrue();

      assertThat(three.joinAs(ROOM, user("1")).path("count").asInt()).isEqualTo(2);
      one.expectSilence();
    }
  }

  /** Case 47: who was refused is in no count, and no event reaches it. */
  @Test
  void whoIsRefusedByAFullChannelIsNotInIt() {
    try (TestServer small = TestServer.start(app -> app.maxPresenceMembers(1));
        TestClient one = small.connect();
        TestClient two = small.connect()) {
      one.joinAs(ROOM, user("1"));
      two.subscribeSigned(ROOM, user("2"));
      expectRefusal(two);

      small.api().trigger(ROOM, "e", "x");

      one.expectEvent("e");
      two.expectSilence();
      assertThat(small.api().get("/channels/" + ROOM + "/users").body())
          .isEqualTo("{\"users\":[{\"id\":\"1\"}]}");
      one.unsubscribe(ROOM).expectSilence();
      assertThat(two.joinAs(ROOM, user("2")).path("count").asInt()).isEqualTo(1);
    }
  }

  /** Case 48, first half. */
  @Test
  void withoutChannelDataNobodyJoinsWhoIsNotSignedIn() {
    seven.subscribeSigned(ROOM, null);

    expectRefusal(seven);
  }

  private static String user(String id) {
    return "{\"user_id\":\"" + id + "\"}";
  }

  private static void expectRefusal(TestClient client) {
    client.expectEvent("pusher:subscription_error");
    assertThat(client.expectError().path("code").isNull()).isTrue();
    client.expectSilence();
  }
}
