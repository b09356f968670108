package dev.carillon.server.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.support.TestClient;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the users of a {@link Model} have chosen, beside what nodes say of them. All rooms are the
 * audience of all users, so that who is in a room is told of everybody. Confined to one thread.
 */
final class ModelStatuses {
  private static final List<String> CHOICES =
      List.of("auto", "online", "away", "busy", "dnd", "invisible");
  private static final Look GONE = new Look("offline", "");

  /** How a user is to others. */
  record Look(String status, String message) {
    /** As it is in what clients and servers are told. */
    static Look of(JsonNode told) {
      return new Look(told.path("status").asText(), told.path("custom_message").asText(""));
    }
  }

  private final Random random;
  private final List<String> users;
  private final List<String> rooms;
  private final Map<String, Look> chosen = new HashMap<>();
  private int choices;

  /** Makes the users known. */
  ModelStatuses(Random random, List<String> users, List<String> rooms, NodeProcess node) {
    this.random = random;
    this.users = users;
    this.rooms = rooms;
    for (String user : users) {
      say(node, user, Map.of("status", "auto", "channels", rooms));
      chosen.put(user, new Look("online", ""));
    }
  }

  /** Any user chooses anything, with a message that nobody had before. */
  void choose(NodeProcess node) {
    String user = users.get(random.nextInt(users.size()));
    String choice = CHOICES.get(random.nextInt(CHOICES.size()));
    String message = "m" + (++choices);
    say(node, user, Map.of("status", choice, "custom_message", message));
    chosen.put(
        user,
        choice.equals("invisible")
            ? GONE
            : new Look(choice.equals("auto") ? "online" : choice, message));
  }

  private static void say(NodeProcess node, String user, Map<String, Object> what) {
    HttpResponse<String> answer =
        node.api().post("/users/" + user + "/status", TestClient.JSON.valueToTree(what).toString());
    if (answer.statusCode() != 200) {
      throw new AssertionError(node + " answers " + answer.statusCode() + " " + answer.body());
    }
  }

  /** What nodes or clients have otherwise than it is, if those users are there and no others. */
  @Nullable String difference(
      List<NodeProcess> nodes, List<ModelClient> clients, Set<String> present) {
    Map<String, Look> expected = expected(present);
    for (NodeProcess node : nodes) {
      Map<String, Look> told = told(node);
      if (!expected.equals(told)) {
        return node + " says that users are " + told + ", expected " + expected;
      }
    }
    for (ModelClient client : clients) {
      for (String room : rooms) {
        Map<String, Look> seen = client.looks(room);
        if (!expected.entrySet().containsAll(seen.entrySet())) {
          return client + " sees " + seen + " in " + room + ", expected " + expected;
        }
      }
    }
    return null;
  }

  /** Lets clients know how those users are of whom they were not told. */
  void settled(List<ModelClient> clients, Set<String> present) {
    Map<String, Look> looks = expected(present);
    clients.forEach(client -> rooms.forEach(room -> client.know(room, looks)));
  }

  private Map<String, Look> expected(Set<String> present) {
    Map<String, Look> expected = new TreeMap<>();
    users.forEach(user -> expected.put(user, present.contains(user) ? chosen.get(user) : GONE));
    return expected;
  }

  /** How all are, as a node says; {@code null} while it does not. */
  private @Nullable Map<String, Look> told(NodeProcess node) {
    try {
      String answer =
          node.api().get("/statuses", Map.of("user_ids", String.join(",", users))).body();
      Map<String, Look> told = new TreeMap<>();
      TestClient.json(answer)
          .path("statuses")
          .forEach(status -> told.put(status.path("user_id").asText(), Look.of(status)));
      return told;
    } catch (RuntimeException away) {
      return null;
    }
  }

  /** How often somebody has chosen. */
  int choices() {
    return choices;
  }
}
