package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.auth.RecordingServer.Call;
import dev.carillon.auth.TestBrowser.Answer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts for a database or a page to fall for, in each field of each call. */
class HostileFieldsTest {
  private static final String STATUS = "/api/presence/status";
  private static final String BEGIN = "2999-01-05T14:00:00Z";
  private static final String END = "2999-01-05T15:00:00Z";

  /** Each call that takes fields, with fields that are right. */
  private static final Map<String, Map<String, String>> CALLS = calls();

  @AutoClose private static final RecordingServer server = new RecordingServer();
  @AutoClose private static final TestSite site = TestSite.start(server.url());
  private static final TestBrowser ann = site.signedIn("ann");
  private static final TestBrowser cat = site.signedIn("cat");

  private static Map<String, Map<String, String>> calls() {
    Map<String, Map<String, String>> calls = new LinkedHashMap<>();
    calls.put("/login", Map.of("email", "x@example.com", "password", "wrong"));
    calls.put(STATUS, Map.of("status", "busy", "custom_message", "m", "expires_at", END));
    calls.put(STATUS + "?device", Map.of("status", "away", "device_id", "d", "socket_id", "1.2"));
    calls.put(STATUS + "?duration", Map.of("status", "busy", "duration", "60"));
    calls.put("/api/presence/dnd", Map.of("until", END, "custom_message", "m", "off", "false"));
    calls.put(
        "/api/presence/location",
        Map.of("label", "l", "latitude", "1", "longitude", "2", "expires_at", END, "clear", "no"));
    calls.put(
        "/api/presence/schedule",
        Map.of("status", "busy", "custom_message", "m", "starts_at", BEGIN, "ends_at", END));
    calls.put("/api/notifications", Map.of("user_id", "2", "message", "m"));
    calls.put(
        "/broadcasting/auth",
        Map.of(
            "socket_id", "1.2",
            "channel_name", "presence-team.1.presence",
            "device", "web",
            "device_id", "d"));
    calls.put("/broadcasting/user-auth", Map.of("socket_id", "1.2", "device", "web"));
    return calls;
  }

  @AfterEach
  void usersAndTeamsAreAsBefore() {
    assertThat(ann.get("/api/me").json().path("name").textValue()).isEqualTo("Ann");
    assertThat(cat.get("/api/teams").json()).hasSize(2);
    server.answers("GET /apps/app-id/statuses", 200, "{\"statuses\":[]}");
    assertThat(cat.get("/api/teams/1/members").json().path("members").findValuesAsText("name"))
        .containsExactly("Ann", "Ben", "Cat");
    server.next();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "' OR '1'='1",
        "'; DROP TABLE team_members; DELETE FROM users; --",
        "1); UPDATE users SET name = 'Eve' WHERE ('1'='1",
        "\" UNION SELECT password FROM users --",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "{{7*7}}${7*7}%0d%0aSet-Cookie: a=b\r\nX: y",
        "\u0000\uD800"
      })
  void eachFieldIsOnlyText(String hostile) {
    CALLS.forEach(
        (path, right) -> {
          for (String field : right.keySet()) {
            Map<String, String> fields = new HashMap<>(right);
            fields.put(field, hostile);
            assertHarmless(path + " " + field, ann.postJson(path, fields));
            assertHarmless(path + " " + field + " as a form", ann.postForm(path, fields));
          }
        });
    while (server.waiting() > 0) {
      Call call = server.next();
      assertThat(call.path()).matches("/apps/app-id/(users/1/status(/schedule)?|events)");
    }
  }

  /** It is taken as a text, or refused; in JSON, which no browser shows as a page. */
  private static void assertHarmless(String what, Answer answer) {
    assertThat(answer.status()).as(what).isIn(200, 201, 303, 401, 403, 422, 429);
    assertThat(answer.header("x")).as(what).isEmpty();
    assertThat(answer.header("x-content-type-options")).as(what).isEqualTo("nosniff");
    if (answer.status() != 303) {
      assertThat(answer.header("content-type")).as(what).isEqualTo("application/json");
    }
    assertThat(answer.body()).as(what).doesNotContain("argon2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/teams/%s/online",
        "/api/teams/%s/members",
        "/api/presence/schedule/%s/cancel",
        "/avatars/%s/A.svg"
      })
  void eachPartOfAPathIsOnlyText(String path) {
    for (String hostile :
        new String[] {
          "1'%20OR%20'1'='1", "1;DROP%20TABLE%20users", "%3Cscript%3E", "%00", "%C0%AF"
        }) {
      Answer answer =
          path.endsWith("cancel")
              ? ann.postJson(path.formatted(hostile), Map.of())
              : ann.get(path.formatted(hostile));

      assertThat(answer.status()).as(hostile).isIn(400, 403, 404);
      assertThat(answer.header("content-type")).as(hostile).isEqualTo("application/json");
    }
    assertThat(server.waiting()).isZero();
  }
}
