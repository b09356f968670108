package dev.carillon.auth.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.auth.config.StatusServer;
import dev.carillon.auth.status.SignedClient.Answer;
import dev.carillon.auth.status.SignedClient.Call;
import dev.carillon.auth.status.StatusApiException.Kind;
import dev.carillon.protocol.auth.Credentials;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The status calls of the Carillon server's HTTP API, signed like any SDK's. Each fails with a
 * {@link StatusApiException} and nothing else. Source: docs/PROTOCOL.md, "HTTP API".
 *
 * <p>Thread-safe; never blocks.
 */
public final class StatusApi {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int ATTEMPTS = 3;
  private static final int USERS_MAX = 1_000;
  // A request line of the server's is 16 KiB at most, and a comma takes three of them.
  private static final int IDS_LENGTH_MAX = 12_000;

  private final SignedClient client;
  private final String app;

  public StatusApi(Vertx vertx, StatusServer server, Credentials credentials, InstantSource clock) {
    this.client = new SignedClient(vertx, server, credentials, clock);
    this.app = "/apps/" + encoded(server.appId());
  }

  /** Says what a user's status is; gives the new one. */
  public Future<ObjectNode> set(String user, ObjectNode status) {
    return post(user(user) + "/status", status).map(StatusApi::object);
  }

  /** What a user's status is, {@code choice} and {@code schedule} included. */
  public Future<ObjectNode> status(String user) {
    return get(user(user) + "/status", Map.of()).map(StatusApi::object);
  }

  /**
   * Says that a user is active. Tried once: the next activity comes soon.
   *
   * @param background whether a client may have done it by itself: then no device wakes up
   */
  public Future<JsonNode> active(String user, boolean background) {
    Buffer body = Buffer.buffer(background ? "{\"background\":true}" : "{}");
    return send(new Call(HttpMethod.POST, user(user) + "/activity", Map.of(), body), 1);
  }

  /** A user's schedule. */
  public Future<JsonNode> schedule(String user) {
    return get(user(user) + "/status/schedule", Map.of());
  }

  /** Adds an entry to a user's schedule; gives it with its id. */
  public Future<ObjectNode> addEntry(String user, ObjectNode entry) {
    return post(user(user) + "/status/schedule", entry).map(StatusApi::object);
  }

  /** Removes an entry of a user's schedule. */
  public Future<JsonNode> cancelEntry(String user, String entry) {
    return post(
        user(user) + "/status/schedule/" + encoded(entry) + "/cancel", MAPPER.createObjectNode());
  }

  /**
   * The statuses of those users, by their ids; of those the server knows. One read, unless there
   * are more users than one request may name.
   */
  public Future<Map<String, JsonNode>> statuses(List<String> users) {
    Future<Map<String, JsonNode>> all = Future.succeededFuture(new HashMap<>());
    for (List<String> part : parts(users)) {
      all = all.compose(known -> read(part, known));
    }
    return all;
  }

  private Future<Map<String, JsonNode>> read(List<String> users, Map<String, JsonNode> known) {
    return get(app + "/statuses", Map.of("user_ids", String.join(",", users)))
        .map(
            answer -> {
              if (!answer.path("statuses").isArray()) {
                throw new StatusApiException(Kind.FAILED, "it answers no statuses");
              }
              answer.path("statuses").forEach(s -> known.put(s.path("user_id").asText(), s));
              return known;
            });
  }

  /** An id with a comma cannot be asked for: it would be two. */
  private static List<List<String>> parts(List<String> users) {
    List<List<String>> parts = new ArrayList<>();
    int length = IDS_LENGTH_MAX;
    for (String user : users) {
      if (user.contains(",")) {
        continue;
      }
      int more = encoded(user).length() + 3;
      if (length + more > IDS_LENGTH_MAX || parts.get(parts.size() - 1).size() == USERS_MAX) {
        parts.add(new ArrayList<>());
        length = 0;
      }
      parts.get(parts.size() - 1).add(user);
      length += more;
    }
    return parts;
  }

  /**
   * Publishes an event on a channel.
   *
   * @return whether it waits there, because its user does not want to be disturbed
   */
  public Future<Boolean> trigger(String channel, String event, String data) {
    ObjectNode body =
        MAPPER
            .createObjectNode()
            .put("name", event)
            .put("channel", channel)
            .put("data", data)
            .put("info", "suppressed");
    return post(app + "/events", body)
        .map(answer -> answer.path("channels").path(channel).path("suppressed").asBoolean(false));
  }

  private Future<JsonNode> get(String path, Map<String, String> query) {
    return send(new Call(HttpMethod.GET, path, query, Buffer.buffer()), ATTEMPTS);
  }

  private Future<JsonNode> post(String path, ObjectNode body) {
    return send(new Call(HttpMethod.POST, path, Map.of(), Buffer.buffer(text(body))), ATTEMPTS);
  }

  private Future<JsonNode> send(Call call, int attempts) {
    return client.send(call, attempts).map(StatusApi::read);
  }

  private static JsonNode read(Answer answer) {
    return switch (answer.status()) {
      case 200, 201 -> parsed(answer.body());
      case 400, 413, 422 -> throw new StatusApiException(Kind.REFUSED, line(answer.body()));
      case 404 -> throw new StatusApiException(Kind.NOT_FOUND, line(answer.body()));
      default -> throw new StatusApiException(Kind.FAILED, "it answers " + answer.status());
    };
  }

  private static JsonNode parsed(Buffer body) {
    try {
      return MAPPER.readTree(body.getBytes());
    } catch (IOException e) {
      throw new StatusApiException(Kind.FAILED, "it answers no JSON");
    }
  }

  private static ObjectNode object(JsonNode answer) {
    if (answer instanceof ObjectNode object) {
      return object;
    }
    throw new StatusApiException(Kind.FAILED, "it answers no JSON object");
  }

  private static String line(Buffer body) {
    return body.toString(StandardCharsets.UTF_8).strip().lines().findFirst().orElse("");
  }

  private String user(String id) {
    return app + "/users/" + encoded(id);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String text(ObjectNode body) {
    try {
      return MAPPER.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of nodes is always written", e);
    }
  }

  /** Closes its connections. */
  public void close() {
    client.close();
  }
}
