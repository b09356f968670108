package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.auth.RecordingServer.Call;
import dev.carillon.auth.TestBrowser.Answer;
import dev.carillon.auth.password.Argon2Hash;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What the page of a team needs besides changes. */
class TeamPageTest {
  private static final String NOTIFICATIONS = "/api/notifications";
  private static final String EVENTS = "POST /apps/app-id/events";

  @AutoClose private final RecordingServer server = new RecordingServer();
  @AutoClose private final TestSite site = TestSite.start(server.url());
  private final TestBrowser ann = site.signedIn("ann");

  @Test
  void allMembersAreToldAlsoThoseWhoAreNotThere() {
    server.answers(
        "GET /apps/app-id/statuses",
        200,
        """
        {"statuses":[{"user_id":"2","name":"Benjamin","status":"busy","custom_message":"In a call",
         "last_active":"2026-01-05T10:02:11Z","expires_at":"2026-01-05T12:00:00Z",
         "devices":{"web":"active"},"location":null,"version":7}]}
        """);

    Answer answer = ann.get("/api/teams/1/members");

    assertThat(answer.status()).isEqualTo(200);
    JsonNode members = answer.json().path("members");
    assertThat(members.findValuesAsText("name")).containsExactly("Ann", "Ben", "Cat");
    assertThat(members.path(0).path("status").textValue()).isEqualTo("offline");
    JsonNode ben = members.path(1);
    assertThat(ben.path("status").textValue()).isEqualTo("busy");
    assertThat(ben.path("expires_at").textValue()).isEqualTo("2026-01-05T12:00:00Z");
    assertThat(ben.path("devices").path("web").textValue()).isEqualTo("active");
    assertThat(ben.path("version").intValue()).isEqualTo(7);
    assertThat(ben.path("since").isNull()).isTrue();
  }

  @Test
  void anotherTeamsMembersAreNotTold() {
    for (String team : new String[] {"2", "9", "1%20OR%201=1"}) {
      Answer answer = ann.get("/api/teams/" + team + "/members");

      assertThat(answer.status()).as(team).isEqualTo(403);
      assertThat(answer.body()).isEqualTo("{\"error\":\"Unauthorized\"}");
    }
    assertThat(site.browser().get("/api/teams/1/members").status()).isEqualTo(401);
    assertThat(server.waiting()).isZero();
  }

  @Test
  void theOwnStatusIsToldAsTheServerHasIt() {
    server.answers(
        "GET /apps/app-id/users/1/status",
        200,
        "{\"status\":\"offline\",\"choice\":\"invisible\"}");

    Answer answer = ann.get("/api/presence/status");

    assertThat(answer.body()).isEqualTo("{\"status\":\"offline\",\"choice\":\"invisible\"}");
  }

  @Test
  void whomTheServerHasNeverSeenIsOffline() {
    server.answers("GET /apps/app-id/users/1/status", 404, "no such user");

    assertThat(ann.get("/api/presence/status").body()).isEqualTo("{\"status\":\"offline\"}");
    assertThat(site.browser().get("/api/presence/status").status()).isEqualTo(401);
  }

  @Test
  void aNotificationIsPublishedAsLaravelDoes() {
    server.answers(
        EVENTS, 200, "{\"channels\":{\"private-App.Models.User.2\":{\"suppressed\":true}}}");

    Answer answer = ann.postJson(NOTIFICATIONS, Map.of("user_id", "2", "message", "<b>Lunch?</b>"));

    assertThat(answer.body()).isEqualTo("{\"held\":true}");
    Call call = server.next();
    assertThat(call).hasToString(EVENTS);
    JsonNode event = call.body();
    assertThat(event.path("name").textValue())
        .isEqualTo("Illuminate\\Notifications\\Events\\BroadcastNotificationCreated");
    assertThat(event.path("channel").textValue()).isEqualTo("private-App.Models.User.2");
    JsonNode data = RecordingServer.json(event.path("data").textValue());
    assertThat(data.path("message").textValue()).isEqualTo("<b>Lunch?</b>");
    assertThat(data.path("from").textValue()).isEqualTo("Ann");
    assertThat(data.path("id").textValue()).isNotEmpty();
  }

  @Test
  void whatIsNotHeldIsSaidToBeDelivered() {
    Answer answer = ann.postJson(NOTIFICATIONS, Map.of("user_id", "1", "message", "Note to self"));

    assertThat(answer.body()).isEqualTo("{\"held\":false}");
  }

  @Test
  void onlyColleaguesAreNotified() {
    Map<String, String> dan = Map.of("user_id", "4", "message", "Hello");

    assertThat(ann.postJson(NOTIFICATIONS, dan).status()).isEqualTo(403);
    for (String nobody : new String[] {"9", "1,4", "4'--", "private-App.Models.User.4"}) {
      Map<String, String> forged = Map.of("user_id", nobody, "message", "Hello", "channel", "news");
      assertThat(ann.postJson(NOTIFICATIONS, forged).status()).as(nobody).isEqualTo(403);
    }
    assertThat(site.browser().postJson(NOTIFICATIONS, dan).status()).isEqualTo(401);
    assertThat(server.waiting()).isZero();
  }

  @Test
  void withoutSampleUsersNobodyIsNotified() {
    TestSite.Setup setup = new TestSite.Setup();
    setup.server = server.url();
    setup.sampleData = false;
    try (TestSite own = setup.start()) {
      own.sql(
          "INSERT INTO users (id, name, email, password) VALUES ('7', 'Eve', 'eve@example.com', ?)",
          Argon2Hash.of("carillon").text());

      Answer answer =
          own.signedIn("eve").postJson(NOTIFICATIONS, Map.of("user_id", "7", "message", "Hello"));

      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.message()).isEqualTo("There are no sample users to notify.");
      assertThat(server.waiting()).isZero();
    }
  }

  @Test
  void aWrongNotificationIsNamed() {
    Answer answer = ann.postJson(NOTIFICATIONS, Map.of("message", "x".repeat(101)));

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().path("errors").path("user_id").toString()).contains("required");
    assertThat(answer.json().path("errors").path("message").toString()).contains("100 characters");
  }

  @Test
  void anotherSiteNotifiesNobody() {
    Answer answer =
        ann.send(
            "POST",
            NOTIFICATIONS,
            "application/json",
            "{\"user_id\":\"2\",\"message\":\"x\"}",
            false);

    assertThat(answer.status()).isEqualTo(419);
    assertThat(server.waiting()).isZero();
  }
}
