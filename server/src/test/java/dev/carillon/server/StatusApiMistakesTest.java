package dev.carillon.server;

import static dev.carillon.server.support.TestUsers.assertAnswer;
import static dev.carillon.server.support.TestUsers.entry;
import static dev.carillon.server.support.TestUsers.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.config.StatusConfig;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.TestApi;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.TestUsers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an app's server gets wrong about its users, and the limits of what it may say. */
class StatusApiMistakesTest {
  @AutoClose
  private final TestServer server =
      TestServer.start(
          app -> app.status(new StatusConfig(true, true, true, false, "private-user.{id}")));

  private final TestApi api = server.api();
  private final TestUsers users = new TestUsers(api);

  @Test
  void aScheduleIsBounded() {
    Instant now = Instant.now();
    for (int i = 1; i <= 50; i++) {
      ok(users.plan("1", entry("busy", now.plusSeconds(i), now.plusSeconds(600), null)));
    }

    assertAnswer(
        users.plan("1", entry("busy", now, now.plusSeconds(600), null)),
        400,
        "Invalid schedule: got an entry beyond 50, allowed are 50 that are not over");
    ok(api.post("/users/1/status/schedule/50/cancel", ""));
    assertThat(
            ok(users.plan("1", entry("busy", now, now.plusSeconds(600), null))).get("id").asLong())
        .isEqualTo(51);
  }

  @Test
  void aThousandUsersWithLongIdsCanBeAskedFor() {
    String ids =
        IntStream.range(0, 1_000)
            .mapToObj(i -> "0b5c1f0e-8f5a-4f0e-9d0f-" + (100_000_000_000L + i))
            .collect(Collectors.joining(","));

    assertThat(ok(api.get("/statuses", Map.of("user_ids", ids))).get("statuses")).isEmpty();
    assertAnswer(
        api.get("/statuses", Map.of("user_ids", "1,".repeat(1_000) + "1")),
        400,
        "Invalid user_ids: got more than 1000, allowed is 1000 at most");
  }

  @Test
  void whatIsWrongWithAQueryIsTold() {
    assertAnswer(
        api.get("/statuses"),
        400,
        "Invalid user_ids: got none, and no channel, allowed is one of user_ids and channel");
    assertAnswer(
        api.get("/statuses", Map.of("user_ids", "1", "channel", "presence-team")),
        400,
        "Invalid user_ids: got channel too, allowed is one of user_ids and channel");
    assertAnswer(
        api.get("/statuses", Map.of("channel", "news")),
        400,
        "Invalid channel: got 'news', allowed are presence channels");
    assertAnswer(
        api.get("/statuses", Map.of("user_ids", "1", "status", "sleeping")),
        400,
        "Invalid status: got 'sleeping', allowed is a list by comma of online, idle, away, busy,"
            + " dnd, offline");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/users/1/status | {} | Missing required parameter: status, allowed is one of online, away, busy, dnd, invisible, offline, auto",
        "/users/1/status | [1] | Invalid body: expected a JSON object",
        "/users/1/status | {'status':'busy','custom_message':{'a':[]}} | Invalid custom_message: got an object, allowed is a string of 0 to 100 characters",
        "/users/1/status | {'status':'busy','channels':['<b>']} | Invalid channels[0]: got '<b>', allowed are A-Z a-z 0-9 _ - = @ , . ;",
        "/users/1/status | {'status':'away','device_id':'d','duration':1} | Invalid duration: got one together with device_id, allowed is one of the two",
        "/users/1/activity | {'device_id':1} | Invalid device_id: got 1, allowed is a string of 1 to 128 characters",
        "/users/1/activity | {'background':1} | Invalid background: got 1, allowed is true or false",
        "/users/1/status/schedule | {'status':'busy'} | Missing required parameter: starts_at",
      })
  void whatIsWrongWithABodyIsToldAndChangesNothing(String path, String body, String text) {
    assertAnswer(api.post(path, body.replace('\'', '"')), 400, text);
    assertThat(api.get("/users/1/status").statusCode()).isEqualTo(404);
  }

  @Test
  void timesThatHavePassedAreRefused() {
    String past = "2020-01-05T11:00:00Z";

    assertThat(api.post("/users/1/status", "{\"status\":\"busy\",\"expires_at\":\"" + past + "\"}"))
        .satisfies(
            answer -> {
              assertThat(answer.statusCode()).isEqualTo(400);
              assertThat(answer.body())
                  .startsWith(
                      "Invalid expires_at: got 2020-01-05T11:00:00Z, allowed is a time after now");
            });
    assertThat(
            api.post(
                    "/users/1/status",
                    "{\"status\":\"busy\",\"location\":{\"label\":\"x\",\"expires_at\":\""
                        + past
                        + "\"}}")
                .body())
        .startsWith("Invalid location.expires_at: got 2020-01-05T11:00:00Z");
    assertThat(users.plan("1", entry("busy", Instant.EPOCH, Instant.parse(past), null)).body())
        .startsWith("Invalid ends_at: got 2020-01-05T11:00:00Z");
    assertThat(api.get("/users/1/status").statusCode()).isEqualTo(404);
  }

  @Test
  void bodiesAndIdsHaveTheirLimits() {
    String megabyte = "x".repeat(1_048_576);
    assertAnswer(
        api.post(
            "/users/1/status",
            "{\"status\":\"busy\",\"custom_message\":\"" + megabyte.substring(100) + "\"}"),
        400,
        "Invalid custom_message: got 1048476 characters, allowed is a string of 0 to 100 characters");
    assertAnswer(
        api.post("/users/" + "u".repeat(129) + "/status", "{\"status\":\"busy\"}"),
        400,
        "Invalid user_id: got 129 characters, allowed are 1 to 128");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "status/schedule", "activity"})
  void aBodyThatIsTooLargeIsRefusedBeforeItIsSent(String call) {
    try (RawClient client = RawClient.open(server.port())) {
      client.send(
          "POST /apps/3/users/1/"
              + call
              + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1048577\r\n\r\n");

      assertThat(client.readAnswer())
          .startsWith("HTTP/1.1 413 ")
          .endsWith("The request is too large, allowed are 1048576 bytes\n");
      client.expectEnd();
    }
  }

  @Test
  void tenThousandEntriesAtOnceAreNoEntry() {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    String entry = entry("busy", now, now.plusSeconds(600), null);

    assertAnswer(
        users.plan("1", "[" + entry + ("," + entry).repeat(9_999) + "]"),
        400,
        "Invalid body: expected a JSON object");
    assertThat(api.get("/users/1/status").statusCode()).isEqualTo(404);
  }

  /** An id is text, whatever it has; what names of channels cannot have has no own channel. */
  @Test
  void idsMayHaveAnyCharacter() {
    String id = "a%20%2F%3Cb%3E%27%3B--%22%C3%BC";

    users.set(id, "{\"status\":\"busy\",\"custom_message\":\"<script>'\\\"\\u0000\"}");

    assertThat(users.get(id).get("user_id").asText()).isEqualTo("a /<b>';--\"ü");
  }

  @Test
  void pathsAndMethodsAreChecked() {
    assertAnswer(
        api.signed("DELETE", "/users/1/status", Map.of(), "", Instant.now()),
        405,
        "Method not allowed, allowed is GET, POST");
    assertAnswer(api.get("/users/1/activity"), 405, "Method not allowed, allowed is POST");
    assertAnswer(
        api.post("/users/1/status/schedule/x/cancel", ""),
        404,
        "No schedule entry of that id, allowed are numbers");
    assertThat(api.get("/users/1/status/").statusCode()).isEqualTo(404);
    assertThat(api.get("/users//status").statusCode()).isEqualTo(404);
    assertThat(api.send("GET", "/apps/3/users/1/status", "").statusCode()).isEqualTo(401);
  }

  @Test
  void anAppWithoutStatusSaysSo() {
    try (TestServer without = TestServer.start()) {
      String text = "The app's users have no status: its configuration has status.enabled off";
      assertAnswer(without.api().get("/users/1/status"), 403, text);
      assertAnswer(without.api().post("/users/1/status", "{\"status\":\"busy\"}"), 403, text);
      assertAnswer(without.api().post("/users/1/activity", ""), 403, text);
      assertAnswer(without.api().get("/users/1/status/schedule"), 403, text);
      assertAnswer(without.api().get("/statuses", Map.of("user_ids", "1")), 403, text);
    }
  }
}
