package dev.carillon.server.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;

/** What an app's server says and asks of its users. */
public record TestUsers(TestApi api) {
  /** What is answered, which must be a 200. */
  public static JsonNode ok(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return TestClient.json(response.body());
  }

  /** The answer must be that one. */
  public static void assertAnswer(HttpResponse<String> response, int status, String text) {
    assertThat(response.body()).isEqualTo(text + "\n");
    assertThat(response.statusCode()).isEqualTo(status);
  }

  /** Says how a user shall be seen, which must be taken; how the user is after it. */
  public JsonNode set(String user, String body) {
    return ok(api.post("/users/" + user + "/status", body));
  }

  /** How a user is, who must be known. */
  public JsonNode get(String user) {
    return ok(api.get("/users/" + user + "/status"));
  }

  /** Adds an entry to a user's schedule. */
  public HttpResponse<String> plan(String user, String entry) {
    return api.post("/users/" + user + "/status/schedule", entry);
  }

  /**
   * An entry of a schedule.
   *
   * @param message null for none
   */
  public static String entry(String status, Instant from, Instant to, String message) {
    return "{\"status\":\"%s\",\"starts_at\":\"%s\",\"ends_at\":\"%s\"%s}"
        .formatted(
            status, from, to, message == null ? "" : ",\"custom_message\":\"" + message + "\"");
  }
}
