package dev.carillon.protocol.http;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.json.Field;
import dev.carillon.protocol.status.Status;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads parameters of {@code GET /apps/<id>/statuses}. */
public final class StatusesQuery {
  /** How many users may be asked for by their ids. */
  public static final int MAX_USERS = 1_000;

  private static final String SEEN = "a list by comma of online, idle, away, busy, dnd, offline";

  private StatusesQuery() {}

  /**
   * The users of {@code user_ids=1,2,3}, each once.
   *
   * @throws ProtocolException if there are too many, or one cannot be
   */
  public static List<UserId> users(String list) {
    String[] ids = list.split(",", MAX_USERS + 2);
    if (ids.length > MAX_USERS) {
      throw Field.invalid("user_ids", "more than " + MAX_USERS, MAX_USERS + " at most");
    }
    Set<UserId> users = new LinkedHashSet<>();
    for (String id : ids) {
      users.add(new UserId(id, false));
    }
    return List.copyOf(users);
  }

  /**
   * The statuses of {@code status=online,busy}.
   *
   * @throws ProtocolException if others never see one of that name
   */
  public static Set<Status> statuses(String list) {
    Set<Status> statuses = EnumSet.noneOf(Status.class);
    for (String name : list.split(",", -1)) {
      statuses.add(
          Status.of(name)
              .filter(status -> status != Status.INVISIBLE)
              .orElseThrow(() -> Field.invalid("status", Field.quoted(name), SEEN)));
    }
    return statuses;
  }
}
