package dev.carillon.server;

import static dev.carillon.server.support.TestUsers.assertAnswer;
import static dev.carillon.server.support.TestUsers.entry;
import static dev.carillon.server.support.TestUsers.ok;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.config.StatusConfig;
import dev.carillon.server.config.StatusRules;
import dev.carillon.server.support.TestApi;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.TestUsers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What an app's server says and asks of its users, and what clients are told then. */
class StatusApiTest {
  private static final String TEAM = "presence-team";
  private static final String ANN =
      "{\"user_id\":\"1\",\"user_info\":{\"name\":\"Ann\",\"avatar\":\"/a.png\",\"device\":\"web\","
          + "\"device_id\":\"d1\"}}";
  private static final String BEN = "{\"user_id\":\"2\",\"user_info\":{\"name\":\"Ben\"}}";
  private static final String OWN = "private-App.Models.User.1";

  @AutoClose
  private final TestServer server =
      TestServer.startWithStatus(
          StatusRules.defaults().toBuilder()
              .coalesce(Duration.ZERO)
              .offlineAfter(Duration.ZERO)
              .build(),
          app ->
              app.status(
                  new StatusConfig(true, true, true, false, "private-App.Models.User.{id}")));

  private final TestApi api = server.api();
  private final TestUsers users = new TestUsers(api);

  /** The data of the next frame, which is an update on that channel. */
  private static JsonNode update(TestClient client, String channel) {
    JsonNode frame = client.expectEvent("user.status.updated");
    assertThat(frame.get("channel").asText()).isEqualTo(channel);
    return TestClient.json(frame.get("data").asText());
  }

  /** In the team as Ann, and told of it. */
  private TestClient ann() {
    TestClient ann = server.connect();
    ann.joinAs(TEAM, ANN);
    update(ann, TEAM);
    return ann;
  }

  @Test
  void whoWasNeverSeenIsNotFoundAndBecomesKnownByACall() {
    assertAnswer(api.get("/users/1/status"), 404, "User never seen: 1");
    assertAnswer(api.get("/users/1/status/schedule"), 404, "User never seen: 1");
    assertThat(ok(api.get("/statuses", Map.of("user_ids", "1"))).toString())
        .isEqualTo("{\"statuses\":[]}");

    users.set(
        "1", "{\"status\":\"busy\",\"custom_message\":\"Soon\",\"profile\":{\"name\":\"Ann\"}}");

    JsonNode user = users.get("1");
    assertThat(user.get("user_id").asText()).isEqualTo("1");
    assertThat(user.get("name").asText()).isEqualTo("Ann");
    assertThat(user.has("avatar")).isFalse();
    assertThat(user.get("status").asText()).isEqualTo("offline");
    assertThat(user.get("custom_message").isNull()).isTrue();
    assertThat(user.get("choice").asText()).isEqualTo("busy");
    assertThat(user.get("version").asLong()).isZero();
    assertThat(user.get("last_seen").isNull()).isTrue();
  }

  @Test
  void aCallIsToldToTheUserTheChannelsAndTheAudienceAtOnce() {
    try (TestClient ann = ann();
        TestClient ben = server.connect();
        TestClient desk = server.connect()) {
      ann.join(OWN);
      ben.joinAs(TEAM, BEN);
      update(ben, TEAM);
      ann.expectEvent("pusher_internal:member_added");
      update(ann, TEAM);
      desk.join("private-desk");

      JsonNode answer =
          users.set(
              "1",
              "{\"status\":\"busy\",\"custom_message\":\"In a call\",\"channels\":[\"private-desk\"]}");

      JsonNode seen = update(ben, TEAM);
      assertThat(seen.get("user_id").asText()).isEqualTo("1");
      assertThat(seen.get("status").asText()).isEqualTo("busy");
      assertThat(seen.get("previous").asText()).isEqualTo("online");
      assertThat(seen.get("cause").asText()).isEqualTo("manual");
      assertThat(seen.get("custom_message").asText()).isEqualTo("In a call");
      assertThat(seen.get("name").asText()).isEqualTo("Ann");
      assertThat(seen.get("devices").toString()).isEqualTo("{\"web\":\"active\"}");
      assertThat(seen.get("version")).isEqualTo(answer.get("version"));
      assertThat(update(desk, "private-desk")).isEqualTo(seen);
      assertThat(update(ann, OWN)).isEqualTo(seen);
      assertThat(update(ann, TEAM)).isEqualTo(seen);
      assertThat(answer).isEqualTo(users.get("1"));
    }
  }

  @Test
  void theAnswerIsTheObjectWithoutPreviousAndCauseAndWhatStandsBehindIt() {
    try (TestClient ann = ann()) {
      String end =
          Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString();

      JsonNode answer = users.set("1", "{\"status\":\"dnd\",\"expires_at\":\"" + end + "\"}");

      assertThat(answer.fieldNames())
          .toIterable()
          .containsExactly(
              "user_id",
              "name",
              "avatar",
              "status",
              "custom_message",
              "last_active",
              "since",
              "expires_at",
              "devices",
              "location",
              "version",
              "choice",
              "schedule",
              "last_seen");
      assertThat(answer.get("expires_at").asText()).isEqualTo(end);
      assertThat(answer.get("choice").asText()).isEqualTo("dnd");
    }
  }

  @Test
  void theConnectionNamedIsNotTold() {
    try (TestClient ann = ann()) {
      users.set("1", "{\"status\":\"away\",\"socket_id\":\"" + ann.socketId() + "\"}");
      users.set("1", "{\"status\":\"busy\"}");

      assertThat(update(ann, TEAM).get("previous").asText()).isEqualTo("away");
    }
  }

  @Test
  void aCallThatChangesNothingTellsNothing() {
    try (TestClient ann = ann()) {
      JsonNode first = users.set("1", "{\"status\":\"busy\",\"custom_message\":\"x\"}");
      assertThat(users.set("1", "{\"status\":\"busy\",\"custom_message\":\"x\"}").get("version"))
          .isEqualTo(first.get("version"));
      users.set("1", "{\"status\":\"away\"}");

      assertThat(update(ann, TEAM).get("status").asText()).isEqualTo("busy");
      assertThat(update(ann, TEAM).get("status").asText()).isEqualTo("away");
    }
  }

  @Test
  void whatACallLeavesOutIsClearedOrStays() {
    try (TestClient ann = ann();
        TestClient desk = server.connect().join("desk")) {
      String end = Instant.now().plusSeconds(600).toString();
      users.set(
          "1",
          "{\"status\":\"busy\",\"custom_message\":\"x\",\"duration\":600,\"channels\":[\"desk\"],"
              + "\"profile\":{\"name\":\"Bo\"},"
              + "\"location\":{\"label\":\"Hall\",\"latitude\":52.5,\"longitude\":13.25,\"expires_at\":\""
              + end
              + "\"}}");
      JsonNode before = update(desk, "desk");
      assertThat(before.get("location").get("label").asText()).isEqualTo("Hall");
      assertThat(before.get("location").get("latitude").asDouble()).isEqualTo(52.5);
      assertThat(before.get("expires_at").isNull()).isFalse();

      users.set("1", "{\"status\":\"away\"}");
      JsonNode after = update(desk, "desk");
      assertThat(after.get("custom_message").isNull()).isTrue();
      assertThat(after.get("expires_at").isNull()).isTrue();
      assertThat(after.get("location")).isEqualTo(before.get("location"));
      assertThat(after.get("name").asText()).isEqualTo("Bo");
      assertThat(after.get("avatar").asText()).isEqualTo("/a.png");

      users.set("1", "{\"status\":\"away\",\"location\":null,\"profile\":{\"avatar\":null}}");
      JsonNode without = update(desk, "desk");
      assertThat(without.get("location").isNull()).isTrue();
      assertThat(without.has("avatar")).isFalse();

      users.set("1", "{\"status\":\"busy\",\"channels\":[]}");
      users.set("1", "{\"status\":\"dnd\",\"channels\":[\"desk\"]}");
      assertThat(update(desk, "desk").get("status").asText()).isEqualTo("dnd");
    }
  }

  @Test
  void aChoiceEndsWhenItsTimeIsOver() {
    try (TestClient ann = ann()) {
      users.set("1", "{\"status\":\"busy\",\"custom_message\":\"x\",\"duration\":1}");
      assertThat(update(ann, TEAM).get("status").asText()).isEqualTo("busy");

      JsonNode after = update(ann, TEAM);
      assertThat(after.get("status").asText()).isEqualTo("online");
      assertThat(after.get("custom_message").isNull()).isTrue();
      assertThat(after.get("cause").asText()).isEqualTo("expired");
      assertThat(users.get("1").get("choice").asText()).isEqualTo("auto");
    }
  }

  @Test
  void whoIsInvisibleIsOfflineForOthersAndKnowsTheTruth() {
    try (TestClient ann = ann();
        TestClient ben = server.connect()) {
      ann.join(OWN);
      ben.join("watch");
      users.set("1", "{\"status\":\"busy\",\"custom_message\":\"x\",\"channels\":[\"watch\"]}");
      update(ben, "watch");
      update(ann, OWN);
      update(ann, TEAM);

      JsonNode answer = users.set("1", "{\"status\":\"invisible\",\"custom_message\":\"hidden\"}");

      JsonNode others = update(ben, "watch");
      assertThat(others.get("status").asText()).isEqualTo("offline");
      assertThat(others.get("custom_message").isNull()).isTrue();
      assertThat(others.get("devices").toString()).isEqualTo("{}");
      JsonNode own = update(ann, OWN);
      assertThat(own.get("status").asText()).isEqualTo("invisible");
      assertThat(own.get("custom_message").asText()).isEqualTo("hidden");
      assertThat(answer.get("status").asText()).isEqualTo("offline");
      assertThat(answer.get("choice").asText()).isEqualTo("invisible");
      assertThat(answer.get("last_seen").isNull()).isFalse();
    }
  }

  @Test
  void whoHasGoneWasLastSeenThen() {
    Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    try (TestClient desk = server.connect().join("desk")) {
      try (TestClient ann = ann()) {
        users.set("1", "{\"status\":\"busy\",\"channels\":[\"desk\"]}");
        assertThat(update(desk, "desk").get("status").asText()).isEqualTo("busy");
        assertThat(users.get("1").get("last_seen").isNull()).isTrue();
      }
      JsonNode gone = update(desk, "desk");
      assertThat(gone.get("status").asText()).isEqualTo("offline");
      assertThat(gone.get("cause").asText()).isEqualTo("disconnected");

      assertThat(Instant.parse(users.get("1").get("last_seen").asText()))
          .isBetween(before, Instant.now());
    }
  }

  @Test
  void aDeviceIsAwayUntilItIsUsed() {
    try (TestClient ann = ann()) {
      JsonNode away = users.set("1", "{\"status\":\"away\",\"device_id\":\"d1\"}");
      assertThat(away.get("status").asText()).isEqualTo("away");
      assertThat(away.get("choice").asText()).isEqualTo("auto");
      assertThat(away.get("devices").toString()).isEqualTo("{\"web\":\"away\"}");
      update(ann, TEAM);

      assertThat(ok(api.post("/users/1/activity", "{\"device_id\":\"d1\"}")).toString())
          .isEqualTo("{}");
      JsonNode active = update(ann, TEAM);
      assertThat(active.get("status").asText()).isEqualTo("online");
      assertThat(active.get("cause").asText()).isEqualTo("active");

      users.set("1", "{\"status\":\"offline\",\"device_id\":\"d1\"}");
      assertThat(update(ann, TEAM).get("status").asText()).isEqualTo("offline");
      users.set("1", "{\"status\":\"online\",\"device_id\":\"d1\"}");
      assertThat(update(ann, TEAM).get("status").asText()).isEqualTo("online");
      assertThat(users.set("1", "{\"status\":\"away\",\"device_id\":\"else\"}"))
          .isEqualTo(users.get("1"));
      assertThat(users.get("1").get("status").asText()).isEqualTo("online");
    }
  }

  /** How an app sets a location, a profile or an audience and nothing else: in one step. */
  @Test
  void aCallAboutADeviceThatIsNotThereLeavesChoiceAndDevicesAsTheyAre() {
    try (TestClient ann = ann()) {
      users.set("1", "{\"status\":\"busy\",\"custom_message\":\"x\",\"duration\":600}");
      JsonNode before = update(ann, TEAM);
      String end = Instant.now().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS).toString();
      String location = "{\"label\":\"Hall\",\"expires_at\":\"" + end + "\"}";

      JsonNode after =
          users.set(
              "1", "{\"status\":\"online\",\"device_id\":\"none\",\"location\":" + location + "}");

      assertThat(after.get("choice").asText()).isEqualTo("busy");
      JsonNode told = update(ann, TEAM);
      assertThat(told.get("location").get("label").asText()).isEqualTo("Hall");
      for (String same : new String[] {"status", "custom_message", "expires_at", "devices"}) {
        assertThat(told.get(same)).as(same).isEqualTo(before.get(same));
      }
      users.set("1", "{\"status\":\"online\",\"device_id\":\"none\",\"location\":null}");
      assertThat(update(ann, TEAM).get("location").isNull()).isTrue();
    }
  }

  @Test
  void whatAClientDoesByItselfIsActivityAndWakesNoDevice() {
    try (TestClient ann = ann()) {
      users.set("1", "{\"status\":\"away\",\"device_id\":\"d1\"}");
      update(ann, TEAM);
      Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      ok(api.post("/users/1/activity", "{\"background\":true}"));

      JsonNode user = users.get("1");
      assertThat(user.get("status").asText()).isEqualTo("away");
      assertThat(Instant.parse(user.get("last_active").asText())).isAfterOrEqualTo(before);
      users.set("1", "{\"status\":\"busy\"}");
      assertThat(update(ann, TEAM).get("status").asText()).isEqualTo("busy");
    }
  }

  @Test
  void activityOfWhoHasNoDeviceIsRemembered() {
    ok(api.post("/users/9/activity", ""));

    assertThat(users.get("9").get("status").asText()).isEqualTo("offline");
  }

  @Test
  void anEntryOfTheScheduleCountsWhileItRuns() {
    try (TestClient ann = ann()) {
      Instant now = Instant.now();

      JsonNode entry = ok(users.plan("1", entry("busy", now, now.plusSeconds(600), "Meeting")));

      assertThat(entry.get("id").asLong()).isEqualTo(1);
      JsonNode told = update(ann, TEAM);
      assertThat(told.get("status").asText()).isEqualTo("busy");
      assertThat(told.get("custom_message").asText()).isEqualTo("Meeting");
      JsonNode later =
          ok(users.plan("1", entry("dnd", now.plusSeconds(900), now.plusSeconds(1200), null)));
      assertThat(ok(api.get("/users/1/status/schedule")).toString())
          .isEqualTo("{\"schedule\":[" + entry + "," + later + "]}");
      assertThat(users.get("1").get("schedule")).hasSize(2);

      assertThat(ok(api.post("/users/1/status/schedule/1/cancel", "")).toString()).isEqualTo("{}");
      assertThat(update(ann, TEAM).get("status").asText()).isEqualTo("online");
      assertAnswer(
          api.post("/users/1/status/schedule/1/cancel", "{}"),
          404,
          "No schedule entry 1 of this user");
    }
  }

  @Test
  void severalUsersAreReadAtOnceInTheOrderAsked() {
    try (TestClient ann = ann()) {
      users.set("2", "{\"status\":\"busy\"}");
      users.set("3", "{\"status\":\"busy\"}");

      assertThat(ids(Map.of("user_ids", "3,1,9,2,3"))).isEqualTo("3,1,2");
      assertThat(ids(Map.of("user_ids", "3,1,9,2", "status", "online,busy"))).isEqualTo("1");
      assertThat(ids(Map.of("user_ids", "3,1", "status", "offline"))).isEqualTo("3");
      assertThat(ids(Map.of("channel", TEAM))).isEqualTo("1");
      assertThat(ids(Map.of("channel", TEAM, "status", "dnd"))).isEmpty();
      assertThat(ids(Map.of("channel", "presence-empty"))).isEmpty();
      assertThat(ok(api.get("/statuses", Map.of("user_ids", "1"))).get("statuses").get(0))
          .isEqualTo(users.get("1"));
    }
  }

  private String ids(Map<String, String> query) {
    return ok(api.get("/statuses", query)).get("statuses").findValuesAsText("user_id").stream()
        .collect(Collectors.joining(","));
  }
}
