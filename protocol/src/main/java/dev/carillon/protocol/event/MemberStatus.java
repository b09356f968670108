package dev.carillon.protocol.event;

import dev.carillon.protocol.json.JsonBytes;
import dev.carillon.protocol.status.UserStatus;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How a member of a presence channel is: {@code {"status":"busy",…,"version":318}}, which {@code
 * user_info} has as {@code status}.
 *
 * @param version rises with each change of what others see of the user
 * @param seen how many of the first bytes tell what others see; the rest says since when
 */
public record MemberStatus(long version, RawJson json, int seen) {
  /** As it is told of a user. */
  public static MemberStatus of(UserStatus user) {
    JsonBytes json = new JsonBytes(240);
    user.writeSeen(json.syntax("{"));
    int seen = json.size();
    user.writeWhen(json.syntax(","));
    byte[] bytes = json.syntax("}").toBytes();
    return new MemberStatus(user.version(), RawJson.slice(bytes, 0, bytes.length), seen);
  }

  /** Whether it is of a later version. */
  public boolean isNewerThan(@Nullable MemberStatus other) {
    return other == null || version > other.version;
  }

  /** Whether others see nothing else by it. */
  public boolean looksLike(@Nullable MemberStatus other) {
    return other != null
        && seen == other.seen
        && Arrays.equals(json.bytes(), 0, seen, other.json.bytes(), 0, seen);
  }
}
