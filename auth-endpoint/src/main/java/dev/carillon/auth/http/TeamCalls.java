package dev.carillon.auth.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.auth.database.Users;
import dev.carillon.auth.status.StatusApi;
import dev.carillon.auth.user.User;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The user's teams, and who of one is there.
 *
 * <p>Thread-safe; never blocks.
 */
final class TeamCalls {
  private static final List<String> BRIEF = List.of("status", "custom_message", "last_active");
  private static final List<String> DETAILS =
      List.of(
          "status",
          "custom_message",
          "last_active",
          "since",
          "expires_at",
          "devices",
          "location",
          "version");

  private final StatusApi api;
  private final Users users;
  private final BoundedWork database;

  TeamCalls(StatusApi api, Users users, BoundedWork database) {
    this.api = api;
    this.users = users;
    this.database = database;
  }

  /** {@code [{"id":"1","name":"Design"}]}. */
  Future<Void> list(RoutingContext context, User user) {
    return database
        .call(() -> users.teamsOf(user.id()))
        .compose(teams -> Json.answer(context, 200, Json.of(teams)));
  }

  /**
   * {@code {"online_count":1,"online_users":[{"id":…,"name":…,"avatar":…,"status":…,
   * "custom_message":…,"last_active":…}]}}: the members whose status is not {@code offline}. 403
   * {@code {"error":"Unauthorized"}} for who is no member.
   */
  Future<Void> online(RoutingContext context, User user) {
    String team = String.valueOf(context.pathParam("team"));
    return database
        .call(() -> membersOf(team, user))
        .compose(members -> members.isEmpty() ? unauthorized(context) : answer(context, members));
  }

  /**
   * {@code {"members":[{"id":…,"name":…,"avatar":…,"status":…,"custom_message":…,"last_active":…,
   * "since":…,"expires_at":…,"devices":…,"location":…,"version":…}]}}: all members, also those
   * whose status is {@code offline}; what the server does not tell is null. 403 as above.
   */
  Future<Void> members(RoutingContext context, User user) {
    return database
        .call(() -> membersOf(String.valueOf(context.pathParam("team")), user))
        .compose(
            members ->
                members.isEmpty()
                    ? unauthorized(context)
                    : api.statuses(members.stream().map(User::id).toList())
                        .compose(statuses -> Json.answer(context, 200, whole(members, statuses))));
  }

  private static ObjectNode whole(List<User> members, Map<String, JsonNode> statuses) {
    ArrayNode shown = Json.array();
    for (User member : members) {
      JsonNode status =
          Optional.ofNullable(statuses.get(member.id()))
              .orElseGet(() -> Json.object().put("status", "offline"));
      shown.add(shown(member, status, DETAILS));
    }
    ObjectNode answer = Json.object();
    answer.set("members", shown);
    return answer;
  }

  private static ObjectNode shown(User member, JsonNode status, List<String> fields) {
    ObjectNode shown =
        Json.object()
            .put("id", member.id())
            .put("name", member.name())
            .put("avatar", member.avatar());
    fields.forEach(
        field -> shown.set(field, Optional.ofNullable(status.get(field)).orElse(Json.NULL)));
    return shown;
  }

  private static Future<Void> unauthorized(RoutingContext context) {
    return Json.answer(context, 403, Json.object().put("error", "Unauthorized"));
  }

  /** None for who is no member; a member is at least one. */
  private List<User> membersOf(String team, User user) {
    boolean member = users.teamsOf(user.id()).stream().anyMatch(t -> t.id().equals(team));
    return member ? users.membersOf(team) : List.of();
  }

  private Future<Void> answer(RoutingContext context, List<User> members) {
    return api.statuses(members.stream().map(User::id).toList())
        .compose(statuses -> Json.answer(context, 200, online(members, statuses)));
  }

  private static ObjectNode online(List<User> members, Map<String, JsonNode> statuses) {
    ArrayNode online = Json.array();
    for (User member : members) {
      JsonNode status = statuses.get(member.id());
      if (status != null && !status.path("status").asText("offline").equals("offline")) {
        online.add(shown(member, status, BRIEF));
      }
    }
    ObjectNode answer = Json.object().put("online_count", online.size());
    answer.set("online_users", online);
    return answer;
  }
}
