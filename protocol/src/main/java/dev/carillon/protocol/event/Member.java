package dev.carillon.protocol.event;

import dev.carillon.protocol.json.JsonBytes;
import org.jspecify.annotations.Nullable;

/**
 * A user in a presence channel.
 *
 * @param userInfo what the app says of the user, any JSON, unparsed; {@code null} if it says
 *     nothing
 * @param status {@code null} if members are told without
 */
public record Member(UserId userId, @Nullable RawJson userInfo, @Nullable MemberStatus status) {
  /** A user who is told without a status. */
  public Member(UserId userId, @Nullable RawJson userInfo) {
    this(userId, userInfo, null);
  }

  /** The user with that status, in the place of one that the app may have put there. */
  public Member with(MemberStatus other) {
    RawJson info = userInfo;
    return new Member(
        userId, info == null || !isObject(info) ? info : UserInfo.without("status", info), other);
  }

  /** Whether a status is seen of the user: where the app gave text or a list, there is no place. */
  public boolean showsStatus() {
    return status != null && (userInfo == null || isObject(userInfo));
  }

  private static boolean isObject(RawJson info) {
    return info.bytes()[0] == '{';
  }

  /** Whether there is anything to tell of the user beside the id. */
  boolean hasInfo() {
    return userInfo != null || status != null;
  }

  /** Writes the info, with the status in it; {@code null} if there is neither. */
  void writeInfo(JsonBytes json) {
    RawJson info = userInfo;
    MemberStatus shown = showsStatus() ? status : null;
    if (shown == null) {
      json.raw(info == null ? NOTHING : info.bytes());
      return;
    }
    if (info == null) {
      json.syntax("{");
    } else {
      UserInfo.writeOpen(info, json);
    }
    json.syntax("\"status\":").raw(shown.json().bytes()).syntax("}");
  }

  private static final byte[] NOTHING = {'n', 'u', 'l', 'l'};
}
