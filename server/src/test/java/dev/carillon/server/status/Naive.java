package dev.carillon.server.status;

import dev.carillon.protocol.status.Cause;
import dev.carillon.protocol.status.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A user as the table of rules has it, written down once more from that table: nothing is ever
 * cleaned up, times are whole seconds, and somebody looks at each of them.
 */
final class Naive {
  /** A connection, or what it was. */
  private static final class Connection {
    private int socket;
    private @Nullable String kind;
    private @Nullable String id;
    private long usedAt;
    private long quietUntil;
    private boolean away;
    private @Nullable Long saidGoneAt;
    private @Nullable Long closedAt;

    private @Nullable Long goneAt() {
      return saidGoneAt == null ? closedAt : saidGoneAt;
    }

    private String state(Naive user, long t) {
      Long gone = goneAt();
      long unused = (gone == null ? t : gone) - usedAt;
      if (away || unused >= user.away) {
        return "away";
      }
      return unused >= user.idle ? "idle" : "active";
    }
  }

  /** What is seen. */
  record Look(String own, String others) {}

  /** What was told, when, and why: {@link Cause#IDLE} stands for all that is not told apart. */
  record News(long at, String what, Cause why) {}

  private record Entry(long id, Status status, long from, long to) {}

  private final long offline;
  private final long idle;
  private final long away;
  private final long linger;
  private final long coalesce;

  private final List<Connection> connections = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();
  private @Nullable Long lastGone;
  private boolean chosen;
  private @Nullable Status choice;
  private @Nullable String message;
  private long choiceEnd;
  private long choiceMade;
  private long locationEnd;
  private long lastActive = -1;

  private Look told = new Look("offline", "offline");
  private @Nullable Long tellAt;
  private Cause waiting = Cause.IDLE;
  private long version;
  private long frozen = -1;
  private long since;
  final List<News> toOthers = new ArrayList<>();
  final List<News> toUser = new ArrayList<>();

  Naive(long offline, long idle, long away, long coalesce) {
    this.offline = offline;
    this.idle = idle;
    this.away = away;
    this.linger = Math.min(offline, 30);
    this.coalesce = coalesce;
  }

  private boolean anybody() {
    return connections.stream().anyMatch(each -> each.goneAt() == null);
  }

  private boolean isAbsent(long t) {
    return !anybody() && (lastGone == null || t >= lastGone + offline);
  }

  private List<Connection> seen(long t) {
    List<Connection> seen = new ArrayList<>();
    for (Connection each : connections) {
      Long gone = each.goneAt();
      if (gone == null) {
        seen.add(each);
      } else if (anybody()) {
        if (each.saidGoneAt == null && t < gone + linger) {
          seen.add(each);
        }
      } else if (gone.equals(lastGone) || (each.saidGoneAt == null && lastGone < gone + linger)) {
        seen.add(each);
      }
    }
    return seen;
  }

  Look look(long t) {
    if (isAbsent(t)) {
      return new Look("offline", "offline");
    }
    Map<String, String> kinds = new TreeMap<>();
    String best = "away";
    for (Connection each : seen(t)) {
      String state = each.state(this, t);
      best = better(best, state);
      if (each.kind != null) {
        kinds.merge(each.kind, state, Naive::better);
      }
    }
    String rest = " " + kinds + (t < locationEnd ? " at " + locationEnd : "");
    boolean stands = chosen && t < choiceEnd;
    if (stands && choice != null) {
      return seenAs(choice, message, choiceEnd, rest);
    }
    Entry runs = null;
    for (Entry entry : entries) {
      if (entry.from <= t
          && t < entry.to
          && (runs == null
              || entry.from > runs.from
              || (entry.from == runs.from && entry.id > runs.id))) {
        runs = entry;
      }
    }
    if (runs != null) {
      return seenAs(runs.status, null, runs.to, rest);
    }
    Status status =
        best.equals("active") ? Status.ONLINE : best.equals("idle") ? Status.IDLE : Status.AWAY;
    return seenAs(status, stands ? message : null, stands ? choiceEnd : Long.MAX_VALUE, rest);
  }

  private static Look seenAs(Status status, @Nullable String text, long end, String rest) {
    String own = status.text() + " " + text + " " + (end == Long.MAX_VALUE ? "-" : end) + rest;
    if (own.equals("offline null - {}")) {
      return new Look("offline", "offline");
    }
    boolean hidden = status == Status.INVISIBLE || status == Status.OFFLINE;
    return new Look(own, hidden ? "offline" : own);
  }

  private static String better(String a, String b) {
    List<String> order = List.of("active", "idle", "away");
    return order.indexOf(a) <= order.indexOf(b) ? a : b;
  }

  /** A second is over. */
  void tick(long t) {
    tick(t, null);
  }

  /**
   * Others are told so much later than it was; what the user said is told at once.
   *
   * @param done why, if something was done that is seen
   */
  private void tick(long t, @Nullable Cause done) {
    Look now = look(t);
    if (now.equals(told)) {
      tellAt = null;
      return;
    }
    boolean comes = word(told.own).equals("offline") && !word(now.own).equals("offline");
    if (tellAt == null) {
      tellAt = t + coalesce;
      waiting = done == null ? Cause.IDLE : done;
    } else if (done == Cause.MANUAL
        || (done != null && (waiting != Cause.CONNECTED || (done != Cause.ACTIVE && !comes)))) {
      waiting = done;
    }
    if (done != Cause.MANUAL && t < tellAt) {
      return;
    }
    tellAt = null;
    if (!now.own.equals(told.own)) {
      toUser.add(new News(t, now.own, waiting));
    }
    if (!now.others.equals(told.others)) {
      version++;
      if (now.others.equals("offline")) {
        frozen = lastActive;
      }
      if (!word(now.others).equals(word(told.others))) {
        since = t;
      }
      toOthers.add(new News(t, now.others + " v" + version, waiting));
    }
    told = now;
  }

  /** When others believe that the user was last active. */
  long lastActiveSeen() {
    return told.others.equals("offline") ? frozen : lastActive;
  }

  /** Since when others have seen the present status; 0 if they were never told one. */
  long since() {
    return since;
  }

  private static String word(String look) {
    return look.split(" ", 2)[0];
  }

  void act(long t, Cause cause, Runnable what) {
    Look before = look(t);
    what.run();
    tick(t, before.equals(look(t)) ? null : cause);
  }

  private void used(Connection connection, long t) {
    connection.usedAt = t;
    connection.saidGoneAt = null;
    lastActive = t;
  }

  void connect(int socket, @Nullable String kind, @Nullable String id, long t) {
    Connection before = isAbsent(t) ? null : before(socket, kind, id, t);
    Connection now = new Connection();
    now.socket = socket;
    now.kind = kind;
    now.id = id;
    Connection like = before == null ? twin(id) : before;
    if (like == null) {
      used(now, t);
    } else {
      connections.remove(before);
      now.usedAt = like.usedAt;
      now.away = like.away;
      now.quietUntil = t + 10;
      now.kind = like.kind == null ? kind : like.kind;
      now.id = like.id == null ? id : like.id;
    }
    connections.add(now);
    long cut = before == null ? t : before.goneAt();
    if (choice == Status.OFFLINE && chosen && (like == null || cut < choiceMade + 5)) {
      chosen = false;
    }
  }

  /** One of that id which nobody knows to be gone. */
  private @Nullable Connection twin(@Nullable String id) {
    Connection found = null;
    for (Connection each : connections) {
      if (each.goneAt() == null
          && each.id != null
          && each.id.equals(id)
          && (found == null || each.usedAt > found.usedAt)) {
        found = each;
      }
    }
    return found;
  }

  private @Nullable Connection before(
      int socket, @Nullable String kind, @Nullable String id, long t) {
    Connection found = null;
    for (Connection each : seen(t)) {
      boolean same =
          id == null
              ? each.id == null && String.valueOf(kind).equals(String.valueOf(each.kind))
              : id.equals(each.id);
      if (each.closedAt == null || (!same && each.socket != socket)) {
        continue;
      }
      if (each.socket == socket) {
        return each;
      }
      if (found == null || each.goneAt() > found.goneAt()) {
        found = each;
      }
    }
    return found;
  }

  private @Nullable Connection standing(int socket) {
    return connections.stream()
        .filter(each -> each.socket == socket && each.closedAt == null)
        .findFirst()
        .orElse(null);
  }

  boolean stands(int socket) {
    return standing(socket) != null;
  }

  void disconnect(int socket, long t) {
    Connection closing = standing(socket);
    if (closing == null) {
      return;
    }
    if (closing.saidGoneAt == null) {
      closing.closedAt = t;
      lastGone = anybody() ? lastGone : Long.valueOf(t);
    } else if (!anybody() && closing.saidGoneAt.equals(lastGone)) {
      closing.closedAt = closing.saidGoneAt;
      closing.saidGoneAt = null;
    } else {
      connections.remove(closing);
    }
  }

  void active(int socket, long t) {
    Connection connection = standing(socket);
    lastActive = t;
    if (connection != null) {
      used(connection, t);
      connection.away = false;
      connection.quietUntil = 0;
    }
  }

  void subscribed(int socket, long t) {
    Connection connection = standing(socket);
    if (connection != null && t >= connection.quietUntil) {
      used(connection, t);
    }
  }

  void activeSomewhere(@Nullable String id, long t) {
    Connection last = null;
    for (Connection each : connections) {
      boolean may =
          each.closedAt == null && (id == null ? each.saidGoneAt == null : id.equals(each.id));
      if (may && (last == null || each.usedAt > last.usedAt)) {
        last = each;
      }
    }
    lastActive = t;
    if (last != null) {
      active(last.socket, t);
    }
  }

  void say(String id, Status status, long t) {
    if (status == Status.ONLINE) {
      if (connections.stream().anyMatch(each -> each.closedAt == null && id.equals(each.id))) {
        activeSomewhere(id, t);
      }
      return;
    }
    boolean somebody = anybody();
    if (status == Status.OFFLINE) {
      List<Connection> closed =
          connections.stream().filter(each -> each.closedAt != null && id.equals(each.id)).toList();
      closed.stream().filter(each -> somebody || !alone(id, each)).forEach(connections::remove);
    }
    for (Connection each : connections) {
      if (each.closedAt == null && id.equals(each.id)) {
        if (status == Status.AWAY) {
          each.away = true;
          each.saidGoneAt = null;
        } else if (each.saidGoneAt == null) {
          each.saidGoneAt = t;
        }
      }
    }
    if (somebody && !anybody()) {
      lastGone = t;
    }
  }

  /** Whether it was the last to go, and at that moment no other device went. */
  private boolean alone(String id, Connection last) {
    return last.goneAt().equals(lastGone)
        && connections.stream()
            .noneMatch(each -> !id.equals(each.id) && last.goneAt().equals(each.goneAt()));
  }

  void choose(@Nullable Status status, @Nullable String text, long end, long t) {
    activeSomewhere(null, t);
    chosen = status != null || text != null;
    choice = status;
    message = text;
    choiceEnd = end;
    choiceMade = t;
  }

  void schedule(long id, Status status, long from, long to) {
    entries.add(new Entry(id, status, from, to));
  }

  void cancel(long id) {
    entries.removeIf(entry -> entry.id == id);
  }

  void locate(long end) {
    locationEnd = end;
  }
}
