package dev.carillon.server;

import static dev.carillon.server.support.TestClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.config.StatusRules;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How users are, as clients are told. */
class StatusTest {
  private static final String TEAM = "presence-team";
  private static final String OWN = "private-App.Models.User.1";
  private static final String EVENT = "user.status.updated";

  private final TestServer server = start(Duration.ofMinutes(5));

  /** Changes are told after 50 ms, and who does nothing is idle after 4 s and away after 6. */
  private static TestServer start(Duration offlineAfter) {
    return TestServer.startWithStatus(
        StatusRules.defaults().toBuilder()
            .offlineAfter(offlineAfter)
            .idleAfter(Duration.ofSeconds(4))
            .awayAfter(Duration.ofSeconds(6))
            .coalesce(Duration.ofMillis(50))
            .build(),
        app -> app);
  }

  @AfterEach
  void close() {
    server.close();
  }

  /** The data of a user's status that comes next, in that channel. */
  private static JsonNode update(TestClient client, String channel) {
    JsonNode frame = client.expectEvent(EVENT);
    assertThat(frame.path("channel").asText()).isEqualTo(channel);
    return json(frame.path("data").asText());
  }

  private static String member(String user, String info) {
    return "{\"user_id\":\"" + user + "\",\"user_info\":" + info + "}";
  }

  private static String ann(String device) {
    return member("1", "{\"name\":\"Ann\",\"device\":\"" + device + "\"}");
  }

  private static String ben() {
    return member("2", "{\"name\":\"Ben\"}");
  }

  /** Who is in the team already and has been told of itself. */
  private TestClient watcher() {
    TestClient watcher = server.connect();
    watcher.joinAs(TEAM, ben());
    assertThat(update(watcher, TEAM).path("user_id").asText()).isEqualTo("2");
    return watcher;
  }

  @Test
  void whoJoinsAPresenceChannelIsToldThereOnceToBeOnline() {
    try (TestClient ann = server.connect()) {
      ann.joinAs(TEAM, member("1", "{\"name\":\"Ann\",\"avatar\":\"/a.png\",\"device\":\"web\"}"));

      JsonNode told = update(ann, TEAM);
      assertThat(told.path("user_id").asText()).isEqualTo("1");
      assertThat(told.path("name").asText()).isEqualTo("Ann");
      assertThat(told.path("avatar").asText()).isEqualTo("/a.png");
      assertThat(told.path("status").asText()).isEqualTo("online");
      assertThat(told.path("previous").asText()).isEqualTo("offline");
      assertThat(told.path("devices").toString()).isEqualTo("{\"web\":\"active\"}");
      assertThat(told.path("cause").asText()).isEqualTo("connected");
      assertThat(told.path("version").asInt()).isEqualTo(1);
      ann.expectSilence();
    }
  }

  @Test
  void whoHasABlankNameHasNone() {
    try (TestClient ann = server.connect()) {
      ann.joinAs(TEAM, member("1", "{\"name\":\" \",\"avatar\":\"\"}"));

      JsonNode told = update(ann, TEAM);
      assertThat(told.has("name")).isFalse();
      assertThat(told.has("avatar")).isFalse();
    }
  }

  @Test
  void whoSignsInIsToldOnItsOwnChannel() {
    try (TestClient ann = server.connect()) {
      ann.join(OWN);
      ann.signinSigned("{\"id\":\"1\",\"user_info\":{\"name\":\"Ann\",\"device\":\"desktop\"}}");
      ann.expectEvent("pusher:signin_success");

      JsonNode told = update(ann, OWN);
      assertThat(told.path("status").asText()).isEqualTo("online");
      assertThat(told.path("devices").toString()).isEqualTo("{\"desktop\":\"active\"}");
      ann.expectSilence();
    }
  }

  @Test
  void aConnectionIsADeviceOfEachUserThatItIsKnownAs() {
    try (TestClient both = server.connect()) {
      both.joinAs("presence-a", member("1", "{\"device\":\"web\"}"));
      assertThat(update(both, "presence-a").path("user_id").asText()).isEqualTo("1");
      both.joinAs("presence-b", member("2", "{\"device\":\"kiosk\"}"));

      JsonNode told = update(both, "presence-b");
      assertThat(told.path("user_id").asText()).isEqualTo("2");
      assertThat(told.path("devices").toString()).isEqualTo("{\"kiosk\":\"active\"}");
      both.expectSilence();
    }
  }

  @Test
  void eachPresenceChannelOfTheUserIsTold() {
    try (TestClient ann = server.connect();
        TestClient watcher = watcher()) {
      watcher.join(OWN);
      ann.joinAs(TEAM, ann("web"));
      watcher.expectEvent("pusher_internal:member_added");
      update(watcher, OWN);
      update(watcher, TEAM);
      update(ann, TEAM);
      ann.joinAs("presence-other", ann("web"));
      try (TestClient phone = server.connect()) {
        phone.joinAs(TEAM, ann("mobile"));

        assertThat(update(ann, "presence-other").path("devices").size()).isEqualTo(2);
        assertThat(update(ann, TEAM).path("version").asInt()).isEqualTo(2);
        update(watcher, OWN);
        update(watcher, TEAM);
        watcher.expectSilence();
      }
    }
  }

  @Test
  void thoseWhoWatchAUserAreToldByAnEntryOfTheWatchlist() {
    try (TestClient watcher = server.connect();
        TestClient ann = server.connect()) {
      watcher.signedInAs("2", "1");
      watcher.expectEvent("pusher_internal:watchlist_events"); // offline
      ann.joinAs(TEAM, ann("web"));

      JsonNode events =
          json(watcher.expectEvent("pusher_internal:watchlist_events").path("data").asText());
      JsonNode entry = events.path("events").get(0);
      assertThat(entry.path("name").asText()).isEqualTo("status");
      assertThat(entry.path("user_ids").toString()).isEqualTo("[\"1\"]");
      assertThat(entry.path("status").asText()).isEqualTo("online");
      assertThat(entry.path("custom_message").isNull()).isTrue();
      assertThat(entry.path("version").asInt()).isEqualTo(1);
    }
  }

  @Test
  void aReloadIsNoNews() {
    try (TestClient watcher = watcher()) {
      watcher.join(OWN);
      try (TestClient before = server.connect()) {
        before.joinAs("presence-page", ann("web"));
        update(before, "presence-page");
        update(watcher, OWN);
        before.abort();
      }
      server.awaitConnections(1);
      try (TestClient after = server.connect();
          TestClient phone = server.connect()) {
        after.joinAs("presence-page", ann("web"));
        phone.joinAs("presence-page", ann("mobile"));

        JsonNode told = update(watcher, OWN);
        assertThat(told.path("version").asInt()).as("what was told between: %s", told).isEqualTo(2);
        assertThat(told.path("devices").size()).isEqualTo(2);
      }
    }
  }

  /** A page that closes: its connection first, then what it says by a beacon. */
  @Test
  void aDeviceThatIsSaidToBeGoneWhenItsConnectionHasClosedIsSeenNoLonger() {
    try (TestClient watcher = watcher();
        TestClient phone = server.connect()) {
      watcher.join(OWN);
      try (TestClient page = server.connect()) {
        page.joinAs(
            "presence-page",
            member("1", "{\"name\":\"Ann\",\"device\":\"web\",\"device_id\":\"d1\"}"));
        update(watcher, OWN);
        phone.joinAs("presence-page", ann("mobile"));
        assertThat(update(watcher, OWN).path("devices").size()).isEqualTo(2);
      }
      server.awaitConnections(2);

      JsonNode answer =
          json(
              server
                  .api()
                  .post("/users/1/status", "{\"status\":\"offline\",\"device_id\":\"d1\"}")
                  .body());

      assertThat(answer.path("devices").toString()).isEqualTo("{\"mobile\":\"active\"}");
      JsonNode told = update(watcher, OWN);
      assertThat(told.path("devices")).isEqualTo(answer.path("devices"));
      assertThat(told.path("status").asText()).isEqualTo("online");
      assertThat(told.path("cause").asText()).isEqualTo("manual");
      assertThat(told.path("version").asInt()).isEqualTo(3);
    }
  }

  @Test
  void whoHasGoneIsOfflineWhenTheGraceIsOver() {
    try (TestServer impatient = start(Duration.ofMillis(100));
        TestClient watcher = impatient.connect()) {
      watcher.join(OWN);
      try (TestClient ann = impatient.connect()) {
        ann.joinAs(TEAM, ann("web"));
        update(watcher, OWN);
      }

      JsonNode told = update(watcher, OWN);
      assertThat(told.path("status").asText()).isEqualTo("offline");
      assertThat(told.path("previous").asText()).isEqualTo("online");
      assertThat(told.path("cause").asText()).isEqualTo("disconnected");
      assertThat(told.path("devices").isEmpty()).isTrue();
    }
  }

  /** Whoever is in a presence channel was told by its member_removed. */
  @Test
  void ofOfflineThePresenceChannelThatWasLeftIsToldIfItIsInTheAudience() {
    try (TestServer impatient = start(Duration.ofMillis(100));
        TestClient watcher = impatient.connect()) {
      watcher.join(OWN);
      watcher.joinAs(TEAM, ben());
      update(watcher, TEAM);
      comeAndGo(impatient, watcher);
      assertThat(update(watcher, OWN).path("status").asText()).isEqualTo("offline");
      watcher.expectSilence();

      impatient
          .api()
          .post("/users/1/status", "{\"status\":\"auto\",\"channels\":[\"" + TEAM + "\"]}");
      comeAndGo(impatient, watcher);
      assertThat(update(watcher, OWN).path("status").asText()).isEqualTo("offline");
      JsonNode told = update(watcher, TEAM);
      assertThat(told.path("status").asText()).isEqualTo("offline");
      assertThat(told.path("version").asInt()).isEqualTo(4);
      watcher.expectSilence();
    }
  }

  private static void comeAndGo(TestServer server, TestClient watcher) {
    try (TestClient ann = server.connect()) {
      ann.joinAs(TEAM, ann("web"));
      watcher.expectEvent("pusher_internal:member_added");
      update(watcher, OWN);
      assertThat(update(watcher, TEAM).path("status").asText()).isEqualTo("online");
    }
    watcher.expectEvent("pusher_internal:member_removed");
  }

  /** That somebody joins is no news of how the user is: who wants to know it asks. */
  @Test
  void whoIsKnownBeforeJoiningAPresenceChannelIsToldThereByTheMemberListAlone() {
    try (TestClient watcher = watcher();
        TestClient ann = server.connect()) {
      ann.join(OWN);
      ann.signinSigned("{\"id\":\"1\",\"user_info\":{\"name\":\"Ann\",\"device\":\"web\"}}");
      ann.expectEvent("pusher:signin_success");
      update(ann, OWN);
      server.api().post("/users/1/status", "{\"status\":\"busy\"}");
      update(ann, OWN);

      ann.joinAs(TEAM, ann("web"));

      watcher.expectEvent("pusher_internal:member_added");
      watcher.expectSilence();
      JsonNode asked =
          json(server.api().get("/statuses", Map.of("channel", TEAM, "status", "busy")).body());
      assertThat(asked.path("statuses").path(0).path("user_id").asText()).isEqualTo("1");
    }
  }

  @Test
  void whoDoesNothingIsIdleThenAwayAndBackByAClientEvent() {
    try (TestClient watcher = server.connect();
        TestClient ann = server.connect()) {
      watcher.join(OWN);
      ann.joinAs(TEAM, ann("web"));
      assertThat(update(watcher, OWN).path("status").asText()).isEqualTo("online");

      assertThat(update(watcher, OWN).path("status").asText()).isEqualTo("idle");
      JsonNode away = update(watcher, OWN);
      assertThat(away.path("status").asText()).isEqualTo("away");
      assertThat(away.path("cause").asText()).isEqualTo("idle");
      assertThat(away.path("devices").path("web").asText()).isEqualTo("away");

      ann.send("{\"event\":\"client-typing\",\"channel\":\"" + TEAM + "\",\"data\":{}}");
      JsonNode back = update(watcher, OWN);
      assertThat(back.path("status").asText()).isEqualTo("online");
      assertThat(back.path("cause").asText()).isEqualTo("active");
      assertThat(back.path("version").asInt()).isEqualTo(4);
    }
  }

  @Test
  void activityAloneIsToldToNobody() {
    try (TestClient watcher = server.connect();
        TestClient ann = server.connect();
        TestClient phone = server.connect()) {
      watcher.join(OWN);
      ann.joinAs(TEAM, ann("web"));
      update(watcher, OWN);
      ann.send("{\"event\":\"client-typing\",\"channel\":\"" + TEAM + "\",\"data\":{}}");
      ann.subscribe("news");
      phone.joinAs(TEAM, ann("mobile"));

      JsonNode told = update(watcher, OWN);
      assertThat(told.path("version").asInt()).isEqualTo(2);
      assertThat(told.path("devices").size()).isEqualTo(2);
    }
  }

  @Test
  void whoLeavesTheLastChannelAndComesBackOnTheSameConnectionIsNoNews() {
    try (TestServer impatient = start(Duration.ofMillis(1500));
        TestClient watcher = impatient.connect();
        TestClient ann = impatient.connect()) {
      watcher.join(OWN);
      ann.joinAs(TEAM, ann("web"));
      update(watcher, OWN);
      update(ann, TEAM);
      ann.unsubscribe(TEAM);
      ann.joinAs(TEAM, ann("web"));

      assertThat(update(watcher, OWN).path("status").asText()).isEqualTo("idle");
    }
  }

  @Test
  void infoThatNamesNoDeviceIsNone() {
    String longest = "d".repeat(32);
    String[] infos = {
      "{\"name\":7,\"avatar\":[],\"device\":{\"device\":\"web\"},\"device_id\":null}",
      "{\"device\":\"" + longest + "d\"}",
      "{\"x\":{\"name\":\"Eve\",\"device\":\"web\"},\"device\":\"\"}",
      "\"web\"",
      "[{\"device\":\"web\"}]",
      "null",
    };
    for (int i = 0; i < infos.length; i++) {
      try (TestClient client = server.connect()) {
        client.joinAs("presence-" + i, member("u" + i, infos[i]));

        JsonNode told = update(client, "presence-" + i);
        assertThat(told.path("status").asText()).as(infos[i]).isEqualTo("online");
        assertThat(told.path("devices").isEmpty()).as(infos[i]).isTrue();
        assertThat(told.has("name") || told.has("avatar")).as(infos[i]).isFalse();
      }
    }
    try (TestClient client = server.connect()) {
      client.joinAs(TEAM, member("1", "{\"device\":\"" + longest + "\"}"));
      assertThat(update(client, TEAM).path("devices").has(longest)).isTrue();
    }
  }

  @Test
  void aNameIsOnlyText() {
    String hostile = "<b>\\\"Ann\\\"\\u0000\\n</b>\\u2028'--";
    try (TestClient ann = server.connect()) {
      ann.joinAs(TEAM, member("1", "{\"name\":\"" + hostile + "\",\"device\":\"\\\"}\"}"));

      JsonNode told = update(ann, TEAM);
      assertThat(told.path("name").asText()).isEqualTo(json("\"" + hostile + "\"").asText());
      assertThat(told.path("devices").path("\"}").asText()).isEqualTo("active");
    }
  }
}
