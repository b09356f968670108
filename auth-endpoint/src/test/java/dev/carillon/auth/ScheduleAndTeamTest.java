package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.auth.RecordingServer.Call;
import dev.carillon.auth.TestBrowser.Answer;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ScheduleAndTeamTest {
  private static final String SCHEDULE = "/api/presence/schedule";
  private static final String ON_SERVER = "/apps/app-id/users/1/status/schedule";
  private static final Map<String, String> ENTRY =
      Map.of(
          "status", "busy",
          "starts_at", "2999-01-05T14:00:00Z",
          "ends_at", "2999-01-05T15:00:00Z");

  @AutoClose private final RecordingServer server = new RecordingServer();
  @AutoClose private final TestSite site = TestSite.start(server.url());
  private final TestBrowser ann = site.signedIn("ann");

  @Test
  void anEntryIsAddedAndAnsweredWithItsId() {
    server.answers("POST " + ON_SERVER, 200, "{\"id\":7,\"status\":\"busy\"}");

    Answer answer =
        ann.postJson(
            SCHEDULE,
            Map.of(
                "status", "busy",
                "custom_message", "Meeting",
                "starts_at", "2999-01-05T14:00:00Z",
                "ends_at", "2999-01-05T15:00:00+00:00"));

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json().path("id").intValue()).isEqualTo(7);
    JsonNode told = server.next().body();
    assertThat(told.path("status").textValue()).isEqualTo("busy");
    assertThat(told.path("custom_message").textValue()).isEqualTo("Meeting");
    assertThat(told.path("starts_at").textValue()).isEqualTo("2999-01-05T14:00:00Z");
    assertThat(told.path("ends_at").textValue()).isEqualTo("2999-01-05T15:00:00Z");
    assertThat(told.path("profile").path("name").textValue()).isEqualTo("Ann");
    assertThat(told.path("channels").path(0).textValue()).isEqualTo("presence-team.1.presence");
  }

  @Test
  void aWrongEntryIsNamed() {
    assertWrong(Map.of(), "starts_at", "required");
    assertWrong(changed(ENTRY, "status", "auto"), "status", "invalid");
    assertWrong(changed(ENTRY, "starts_at", "2999-01-05T15:00:00Z"), "ends_at", "after starts at");
    assertWrong(changed(ENTRY, "ends_at", "2020-01-05T15:00:00Z"), "ends_at", "after now");
    assertWrong(changed(ENTRY, "ends_at", "' OR 1=1 --"), "ends_at", "time zone");
    assertThat(server.waiting()).isZero();
  }

  @Test
  void aScheduleThatIsFullTakesNoFurtherEntry() {
    server.answers(
        "POST " + ON_SERVER,
        400,
        "Invalid schedule: got an entry beyond 50, allowed are 50 that are not over\n");

    Answer answer = ann.postForm(SCHEDULE, ENTRY);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().path("errors").path("schedule").path(0).asText())
        .isEqualTo("Invalid schedule: got an entry beyond 50, allowed are 50 that are not over");
  }

  @Test
  void tenThousandEntriesAtOnceAreNoEntry() {
    String entry =
        "{\"status\":\"busy\",\"starts_at\":\"2999-01-05T14:00:00Z\","
            + "\"ends_at\":\"2999-01-05T15:00:00Z\"}";
    String entries = "[" + entry + ("," + entry).repeat(9_999) + "]";

    Answer answer = ann.send("POST", SCHEDULE, TestBrowser.JSON, entries, true);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.message()).isEqualTo("The body is no JSON object.");
    assertThat(server.waiting()).isZero();
  }

  private static Map<String, String> changed(Map<String, String> fields, String key, String value) {
    Map<String, String> changed = new HashMap<>(fields);
    changed.put(key, value);
    return changed;
  }

  private void assertWrong(Map<String, String> fields, String field, String text) {
    Answer answer = ann.postForm(SCHEDULE, fields);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().path("errors").path(field).path(0).asText()).contains(text);
  }

  @Test
  void theScheduleIsListed() {
    server.answers("GET " + ON_SERVER, 200, "{\"schedule\":[{\"id\":7}]}");

    assertThat(ann.get(SCHEDULE).body()).isEqualTo("{\"schedule\":[{\"id\":7}]}");

    server.answers("GET " + ON_SERVER, 404, "Unknown user\n");
    assertThat(ann.get(SCHEDULE).body()).isEqualTo("{\"schedule\":[]}");
  }

  @Test
  void anEntryIsCancelledEitherWay() {
    server.answers("POST " + ON_SERVER + "/8/cancel", 404, "No such entry\n");

    assertThat(ann.send("DELETE", SCHEDULE + "/7", "", "", true)).returns(200, Answer::status);
    assertThat(ann.postJson(SCHEDULE + "/7/cancel", Map.of())).returns("{}", Answer::body);
    assertThat(ann.postJson(SCHEDULE + "/8/cancel", Map.of())).returns(404, Answer::status);
    assertThat(ann.postJson(SCHEDULE + "/..%2f..%2fx/cancel", Map.of()).status()).isEqualTo(404);
    assertThat(ann.send("DELETE", SCHEDULE + "/7", "", "", false).status()).isEqualTo(419);

    assertThat(server.next()).hasToString("POST " + ON_SERVER + "/7/cancel");
    assertThat(server.next()).hasToString("POST " + ON_SERVER + "/7/cancel");
    assertThat(server.next()).hasToString("POST " + ON_SERVER + "/8/cancel");
    assertThat(server.waiting()).isZero();
  }

  @Test
  void onlineAreTheMembersWhoAreNotOfflineByOneRead() {
    server.answers(
        "GET /apps/app-id/statuses",
        200,
        """
        {"statuses":[
          {"user_id":"1","status":"busy","custom_message":"In a call","last_active":"2026-01-05T10:02:11Z","version":3},
          {"user_id":"2","status":"offline","custom_message":null,"last_active":null}]}
        """);

    Answer answer = ann.get("/api/teams/1/online");

    assertThat(answer.status()).isEqualTo(200);
    JsonNode me = ann.get("/api/me").json();
    assertThat(answer.json())
        .isEqualTo(
            RecordingServer.json(
                """
                {"online_count":1,"online_users":[{"id":"1","name":"Ann","avatar":%s,
                  "status":"busy","custom_message":"In a call","last_active":"2026-01-05T10:02:11Z"}]}
                """
                    .formatted(me.path("avatar"))));
    Call call = server.next();
    assertThat(call.query()).containsEntry("user_ids", "1,2,3");
    assertThat(server.waiting()).isZero();
  }

  @Test
  void aTeamOfThousandsIsReadInAsFewRequestsAsMayBe() {
    String some = "(SELECT CAST(x + 1000 AS VARCHAR) AS n FROM SYSTEM_RANGE(1, 1500))";
    site.sql(
        "INSERT INTO users (id, name, email) SELECT n, 'U' || n, n || '@x.example' FROM " + some);
    site.sql("INSERT INTO team_members (user_id, team_id) SELECT n, '1' FROM " + some);
    server.answers(
        "GET /apps/app-id/statuses",
        200,
        "{\"statuses\":[{\"user_id\":\"2500\",\"status\":\"idle\"}]}");

    assertThat(ann.get("/api/teams/1/online").json().path("online_count").intValue()).isEqualTo(1);

    assertThat(server.next().query().get("user_ids").split(",")).hasSize(1_000);
    assertThat(server.next().query().get("user_ids").split(",")).hasSize(503);
    assertThat(server.waiting()).isZero();
    String userData =
        ann.postAsPusher("/broadcasting/user-auth", Map.of("socket_id", "1.2"))
            .json()
            .path("user_data")
            .textValue();
    assertThat(Answer.parse(userData).path("watchlist"))
        .hasSize(100)
        .allSatisfy(id -> assertThat(id.isTextual()).isTrue())
        .doesNotHaveDuplicates()
        .noneMatch(id -> id.textValue().equals("1"));
  }

  @Test
  void othersTeamsAndNoTeamsAreRefusedAlike() {
    for (String team : new String[] {"2", "9", "1%20OR%201=1", "%00", "..%2f1"}) {
      Answer answer = ann.get("/api/teams/" + team + "/online");

      assertThat(answer.status()).as(team).isEqualTo(403);
      assertThat(answer.body()).isEqualTo("{\"error\":\"Unauthorized\"}");
    }
    assertThat(site.browser().get("/api/teams/1/online").status()).isEqualTo(401);
    assertThat(server.waiting()).isZero();
  }
}
