package dev.carillon.server.redis;

import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.MemberStatus;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.json.JsonBytes;
import dev.carillon.server.presence.Presence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Members as Redis keeps them, by user id: 16 digits of the sequence at which the user joined,
 * which the script puts before; {@code n} if the id is a number, else {@code s}; the user info, if
 * any. And their statuses: 16 digits of the version, and the JSON.
 */
final class Members {
  private static final int JOINED = 16;
  private static final int VERSION = 16;

  /** A member, and what was put before it. */
  private record Joined(String at, Member member) {}

  private Members() {}

  static byte[] bytes(Member member) {
    JsonBytes bytes = new JsonBytes(64);
    bytes.syntax(member.userId().number() ? "n" : "s");
    RawJson info = member.userInfo();
    return (info == null ? bytes : info.write(bytes)).toBytes();
  }

  /** Nothing, of a member who is told without. */
  static byte[] status(@Nullable MemberStatus status) {
    return status == null
        ? new byte[0]
        : status
            .json()
            .write(new JsonBytes(240).syntax("%016d".formatted(status.version())))
            .toBytes();
  }

  /**
   * A member list.
   *
   * @param sequence its digits
   * @param members user ids and members by turns
   * @param statuses user ids and statuses by turns; of some, or of none
   */
  static Presence.Snapshot snapshot(Object sequence, Object members, Object statuses) {
    List<?> flat = (List<?>) members;
    Map<String, MemberStatus> of = statuses((List<?>) statuses);
    List<Joined> joined = new ArrayList<>(flat.size() / 2);
    for (int i = 0; i < flat.size(); i += 2) {
      String user = NodeLease.text(flat.get(i));
      joined.add(joined(user, (byte[]) flat.get(i + 1), of.get(user)));
    }
    joined.sort(Comparator.comparing(Joined::at));
    return new Presence.Snapshot(
        joined.stream().map(Joined::member).toList(), Long.parseLong(NodeLease.text(sequence)));
  }

  private static Map<String, MemberStatus> statuses(List<?> flat) {
    Map<String, MemberStatus> statuses = new HashMap<>(flat.size());
    for (int i = 0; i < flat.size(); i += 2) {
      byte[] bytes = (byte[]) flat.get(i + 1);
      long version = Long.parseLong(NodeLease.text(bytes).substring(0, VERSION));
      RawJson json = RawJson.slice(bytes, VERSION, bytes.length);
      statuses.put(NodeLease.text(flat.get(i)), new MemberStatus(version, json, 0));
    }
    return statuses;
  }

  /** A member as Redis had it. */
  static Member member(UserId user, byte[] bytes) {
    return joined(user.value(), bytes, null).member();
  }

  private static Joined joined(String user, byte[] bytes, @Nullable MemberStatus status) {
    UserId id = new UserId(user, bytes[JOINED] == 'n');
    @Nullable RawJson info =
        bytes.length == JOINED + 1 ? null : RawJson.slice(bytes, JOINED + 1, bytes.length);
    return new Joined(NodeLease.text(bytes).substring(0, JOINED), new Member(id, info, status));
  }

  /** Whether an app may have given that id as a JSON number. */
  static boolean mayBeNumber(UserId user) {
    String id = user.value();
    return id.length() <= 17 && id.matches("-?(0|[1-9][0-9]*)");
  }
}
