package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.auth.RecordingServer.Call;
import dev.carillon.auth.TestBrowser.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class StatusCallsTest {
  private static final String STATUS = "/api/presence/status";
  private static final String DND = "/api/presence/dnd";
  private static final String LOCATION = "/api/presence/location";

  @AutoClose private final RecordingServer server = new RecordingServer();
  @AutoClose private final TestSite site = TestSite.start(server.url());
  private final TestBrowser ann = site.signedIn("ann");

  @Test
  void aStatusIsToldToTheServerWithWhoItIsAndWhomToTell() {
    Answer answer =
        ann.with("X-Socket-ID", "123.456")
            .postJson(STATUS, Map.of("status", "busy", "custom_message", " In a call "));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"status\":\"busy\",\"custom_message\":\"In a call\"}");
    Call call = server.next();
    assertThat(call).hasToString("POST /apps/app-id/users/1/status");
    assertThat(call.body())
        .isEqualTo(
            RecordingServer.json(
                """
                {"profile":{"name":"Ann","avatar":"%s"},
                 "channels":["presence-team.1.presence"],
                 "status":"busy","custom_message":"In a call","socket_id":"123.456"}
                """
                    .formatted(ann.get("/api/me").json().path("avatar").textValue())));
  }

  @Test
  void theAudienceIsTheChannelsOfAllTheUsersTeams() {
    site.signedIn("cat").postJson(STATUS, Map.of("status", "auto"));

    assertThat(server.next().body().path("channels").toString())
        .isEqualTo("[\"presence-team.1.presence\",\"presence-team.2.presence\"]");
  }

  @Test
  void jsonFormAndMultipartAreReadAlike() {
    Map<String, String> away = Map.of("status", "away", "custom_message", "");

    assertThat(ann.postForm(STATUS, away).body())
        .isEqualTo("{\"status\":\"away\",\"custom_message\":null}");
    assertThat(ann.postMultipart(STATUS, away).status()).isEqualTo(200);
    assertThat(ann.postJson(STATUS, away).status()).isEqualTo(200);

    for (int i = 0; i < 3; i++) {
      JsonNode body = server.next().body();
      assertThat(body.path("status").textValue()).isEqualTo("away");
      assertThat(body.has("custom_message")).isFalse();
      assertThat(body.has("expires_at")).isFalse();
    }
  }

  @Test
  void aBeaconOfThePageItselfPassesWithoutToken() {
    String own = "http://127.0.0.1:" + site.port();
    String body =
        "--XX\r\nContent-Disposition: form-data; name=\"status\"\r\n\r\noffline\r\n--XX--\r\n";
    String type = "multipart/form-data; boundary=XX";

    assertThat(ann.with("Origin", "https://evil.example").send("POST", STATUS, type, body, false))
        .returns(419, Answer::status);
    assertThat(server.waiting()).isZero();
    assertThat(ann.with("Origin", own).send("POST", STATUS, type, body, false))
        .returns(200, Answer::status);
    assertThat(server.next().body().path("status").textValue()).isEqualTo("offline");
  }

  @Test
  void anEndIsPassedOnAsAnInstant() {
    Instant before = Instant.now();

    ann.postJson(STATUS, Map.of("status", "dnd", "expires_at", "2999-01-05T15:00:00+02:00"));
    ann.postForm(STATUS, Map.of("status", "dnd", "duration", "60"));

    assertThat(server.next().body().path("expires_at").textValue())
        .isEqualTo("2999-01-05T13:00:00Z");
    Instant end = Instant.parse(server.next().body().path("expires_at").textValue());
    assertThat(Duration.between(before, end))
        .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(70));
  }

  @Test
  void oneDeviceMaySpeakForItself() {
    ann.postJson(STATUS, Map.of("status", "away", "device_id", "d-1"));

    assertThat(server.next().body().path("device_id").textValue()).isEqualTo("d-1");
  }

  @Test
  void wrongFieldsAreAnsweredInLaravelsShape() {
    Map<String, Object> fields = new HashMap<>();
    fields.put("custom_message", "x".repeat(101));
    fields.put("expires_at", "2020-01-01T00:00:00Z");

    Answer answer = ann.postJson(STATUS, fields);

    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json())
        .isEqualTo(
            RecordingServer.json(
                """
                {"message":"The status field is required. (and 2 more errors)",
                 "errors":{
                   "status":["The status field is required."],
                   "custom_message":["The custom message field must not be greater than 100 characters."],
                   "expires_at":["The expires at field must be a date after now."]}}
                """));
    assertThat(server.waiting()).isZero();
  }

  @Test
  void wrongValuesAreNamed() {
    assertWrong(Map.of("status", "sleeping"), "status", "The selected status is invalid. Allowed");
    assertWrong(Map.of("status", "idle"), "status", "invalid");
    assertWrong(Map.of("status", 5), "status", "must be a string");
    assertWrong(Map.of("status", "busy", "custom_message", Map.of()), "custom_message", "a string");
    assertWrong(Map.of("status", "busy", "expires_at", "tomorrow"), "expires_at", "a time zone");
    assertWrong(
        Map.of("status", "busy", "expires_at", "2999-01-01T00:00"), "expires_at", "a time zone");
    assertWrong(Map.of("status", "busy", "duration", -1), "duration", "between 1 and");
    assertWrong(Map.of("status", "busy", "duration", "soon"), "duration", "an integer");
    assertWrong(
        Map.of("status", "busy", "duration", 5, "expires_at", "2999-01-01T00:00:00Z"),
        "duration",
        "prohibits");
    assertWrong(Map.of("status", "busy", "device_id", "x".repeat(65)), "device_id", "64");
    assertWrong(Map.of("status", "busy", "socket_id", "1.2:evil"), "socket_id", "socket id");
    assertWrong(
        Map.of("status", "busy", "custom_message", "x".repeat(1_000_000)), "custom_message", "100");
    assertThat(server.waiting()).isZero();
  }

  private void assertWrong(Map<String, ?> fields, String field, String text) {
    Answer answer = ann.postJson(STATUS, fields);
    assertThat(answer.status()).as(fields.toString().substring(0, 10)).isEqualTo(422);
    assertThat(answer.json().path("errors").path(field).path(0).asText()).contains(text);
  }

  @Test
  void aMegabyteInAFormIsAnsweredAlike() {
    Map<String, String> fields = Map.of("status", "busy", "custom_message", "x".repeat(1_000_000));

    assertThat(ann.postForm(STATUS, fields).status()).isEqualTo(422);
    assertThat(ann.postMultipart(STATUS, fields).status()).isEqualTo(422);
  }

  @Test
  void hundredCharactersAreCountedAsCharacters() {
    String message = "😀".repeat(100);

    assertThat(ann.postJson(STATUS, Map.of("status", "busy", "custom_message", message)))
        .returns(200, Answer::status);
    assertThat(server.next().body().path("custom_message").textValue()).isEqualTo(message);
  }

  @Test
  void aForgedUserIdCountsForNothing() {
    ann.postJson(STATUS, Map.of("status", "busy", "user_id", "2", "id", "2", "profile", "x"));

    assertThat(server.next()).hasToString("POST /apps/app-id/users/1/status");
  }

  @Test
  void hostileTextIsOnlyText() {
    String hostile = "'; DROP TABLE users; --<script>alert(1)</script>\"}\u0000";

    Answer answer = ann.postJson(STATUS, Map.of("status", "busy", "custom_message", hostile));

    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.json().path("custom_message").textValue()).isEqualTo(hostile);
    assertThat(server.next().body().path("custom_message").textValue()).isEqualTo(hostile);
    assertThat(ann.get("/api/me").status()).isEqualTo(200);
  }

  @Test
  void nobodySignedInIsAnswered401AndAMissingToken419() {
    assertThat(site.browser().postJson(STATUS, Map.of("status", "busy")))
        .returns(401, Answer::status)
        .returns("Unauthenticated.", Answer::message);
    assertThat(ann.send("POST", STATUS, TestBrowser.JSON, "{\"status\":\"busy\"}", false).status())
        .isEqualTo(419);
  }

  @Test
  void doNotDisturbHasAnEndOrNoneAndCanBeEnded() {
    Answer until = ann.postJson(DND, Map.of("until", "2999-01-05T15:00:00Z"));
    Answer open = ann.postJson(DND, Map.of("custom_message", "Focus"));
    Answer off = ann.postJson(DND, Map.of("off", true));
    ann.postForm(DND, Map.of("duration", "60"));

    assertThat(until.body())
        .isEqualTo(
            "{\"status\":\"dnd\",\"custom_message\":null,\"expires_at\":\"2999-01-05T15:00:00Z\"}");
    assertThat(open.body())
        .isEqualTo("{\"status\":\"dnd\",\"custom_message\":\"Focus\",\"expires_at\":null}");
    assertThat(off.body())
        .isEqualTo("{\"status\":\"auto\",\"custom_message\":null,\"expires_at\":null}");
    assertThat(server.next().body().path("expires_at").textValue())
        .isEqualTo("2999-01-05T15:00:00Z");
    assertThat(server.next().body().path("custom_message").textValue()).isEqualTo("Focus");
    assertThat(server.next().body().path("status").textValue()).isEqualTo("auto");
    assertThat(server.next().body().has("expires_at")).isTrue();
  }

  @Test
  void anEndThatIsCountedFromNowIsInWholeSecondsAndNotTooEarly() {
    Instant asked = Instant.now();
    String dnd = ann.postJson(DND, Map.of("duration", 60)).json().path("expires_at").textValue();
    JsonNode hour = ann.postJson(LOCATION, Map.of("label", "Berlin")).json().path("location");
    JsonNode minute =
        ann.postJson(LOCATION, Map.of("label", "Berlin", "duration", 60)).json().path("location");

    for (String end :
        List.of(dnd, hour.path("expires_at").textValue(), minute.path("expires_at").textValue())) {
      assertThat(end).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
      assertThat(Instant.parse(end)).isAfterOrEqualTo(asked.plusSeconds(60));
    }
    assertThat(server.next().body().path("expires_at").textValue()).isEqualTo(dnd);
  }

  @Test
  void doNotDisturbIsCheckedToo() {
    for (Map<String, ?> wrong :
        List.<Map<String, ?>>of(
            Map.of("until", "2020-01-01T00:00:00Z"),
            Map.of("off", true, "duration", 5),
            Map.of("off", "perhaps"),
            Map.of("until", "2999-01-01T00:00:00Z", "duration", 5))) {
      assertThat(ann.postJson(DND, wrong).status()).as(wrong.toString()).isEqualTo(422);
    }
    assertThat(server.waiting()).isZero();
  }

  @Test
  void aLocationIsToldByOneCallThatLeavesTheChoiceAndTheDevicesAsTheyAre() {
    Answer answer =
        ann.with("X-Socket-ID", "123.456")
            .postJson(LOCATION, Map.of("label", "Berlin", "latitude", 52.5, "longitude", "13.4"));

    assertThat(answer.status()).isEqualTo(200);
    JsonNode location = answer.json().path("location");
    assertThat(location.path("label").textValue()).isEqualTo("Berlin");
    assertThat(location.path("longitude").doubleValue()).isEqualTo(13.4);
    assertThat(Instant.parse(location.path("expires_at").textValue())).isAfter(Instant.now());
    Call call = server.next();
    assertThat(call).hasToString("POST /apps/app-id/users/1/status");
    assertThat(call.body().path("location")).isEqualTo(location);
    assertThat(call.body().path("socket_id").textValue()).isEqualTo("123.456");
    assertThat(call.body().path("channels")).hasSize(1);
    assertSaidOfADeviceThatIsNotThere(call);
    ann.postJson(LOCATION, Map.of("label", "Bonn"));
    Call again = server.next();
    assertThat(again.body().path("device_id")).isNotEqualTo(call.body().path("device_id"));
    assertThat(server.waiting()).isZero();
  }

  private static void assertSaidOfADeviceThatIsNotThere(Call call) {
    assertThat(call.body().path("device_id").textValue()).hasSize(36);
    assertThat(call.body().path("status").textValue()).isEqualTo("online");
    assertThat(call.body().has("custom_message")).isFalse();
    assertThat(call.body().has("expires_at")).isFalse();
  }

  @Test
  void aLocationIsClearedByDeletingItOrSayingSo() {
    assertThat(ann.send("DELETE", LOCATION, "", "", true).body()).isEqualTo("{\"location\":null}");
    assertThat(ann.postJson(LOCATION, Map.of("clear", true)).status()).isEqualTo(200);

    for (int i = 0; i < 2; i++) {
      Call call = server.next();
      assertThat(call.body().path("location").isNull()).isTrue();
      assertSaidOfADeviceThatIsNotThere(call);
    }
    assertThat(server.waiting()).isZero();
  }

  @Test
  void aWrongLocationIsNamed() {
    for (Map<String, ?> wrong :
        List.<Map<String, ?>>of(
            Map.of("latitude", 91, "longitude", 0),
            Map.of("latitude", 1),
            Map.of("latitude", "north", "longitude", 0),
            Map.of("latitude", Map.of(), "longitude", 0),
            Map.of("label", "x".repeat(101)),
            Map.of("label", "x", "expires_at", "2020-01-01T00:00:00Z"),
            Map.of())) {
      assertThat(ann.postJson(LOCATION, wrong).status()).as(wrong.toString()).isEqualTo(422);
    }
    assertThat(
            ann.send(
                    "POST",
                    LOCATION,
                    TestBrowser.JSON,
                    "{\"latitude\":1e999,\"longitude\":0}",
                    true)
                .status())
        .isEqualTo(422);
    assertThat(server.waiting()).isZero();
  }
}
