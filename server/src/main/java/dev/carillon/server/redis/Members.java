package dev.carillon.server.redis;

import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.json.JsonBytes;
import dev.carillon.server.presence.Presence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Members as Redis keeps them, by user id: 16 digits of the sequence at which the user joined,
 * which the script puts before; {@code n} if the id is a number, else {@code s}; the user info, if
 * any.
 */
final class Members {
  private static final int JOINED = 16;

  /** A member, and what was put before it. */
  private record Joined(String at, Member member) {}

  private Members() {}

  static byte[] bytes(Member member) {
    JsonBytes bytes = new JsonBytes(64);
    bytes.syntax(member.userId().number() ? "n" : "s");
    RawJson info = member.userInfo();
    return (info == null ? bytes : info.write(bytes)).toBytes();
  }

  /**
   * A member list.
   *
   * @param sequence its digits
   * @param members user ids and members by turns
   */
  static Presence.Snapshot snapshot(Object sequence, Object members) {
    List<?> flat = (List<?>) members;
    List<Joined> joined = new ArrayList<>(flat.size() / 2);
    for (int i = 0; i < flat.size(); i += 2) {
      joined.add(joined(NodeLease.text(flat.get(i)), (byte[]) flat.get(i + 1)));
    }
    joined.sort(Comparator.comparing(Joined::at));
    return new Presence.Snapshot(
        joined.stream().map(Joined::member).toList(), Long.parseLong(NodeLease.text(sequence)));
  }

  private static Joined joined(String user, byte[] bytes) {
    UserId id = new UserId(user, bytes[JOINED] == 'n');
    @Nullable RawJson info =
        bytes.length == JOINED + 1 ? null : RawJson.slice(bytes, JOINED + 1, bytes.length);
    return new Joined(NodeLease.text(bytes).substring(0, JOINED), new Member(id, info));
  }

  /** Whether an app may have given that id as a JSON number. */
  static boolean mayBeNumber(UserId user) {
    String id = user.value();
    return id.length() <= 17 && id.matches("-?(0|[1-9][0-9]*)");
  }
}
