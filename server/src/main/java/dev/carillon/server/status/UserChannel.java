package dev.carillon.server.status;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import java.util.Optional;

/**
 * The channels that an app's users have for themselves, by a pattern like {@code
 * private-App.Models.User.{id}}.
 *
 * <p>Immutable.
 */
final class UserChannel {
  private static final String ID = "{id}";

  private final String prefix;
  private final String suffix;

  UserChannel(String pattern) {
    int at = pattern.indexOf(ID);
    this.prefix = pattern.substring(0, at);
    this.suffix = pattern.substring(at + ID.length());
  }

  /** The user's; none if the id has characters that channels may not have, or is too long. */
  Optional<ChannelName> of(String userId) {
    try {
      return Optional.of(ChannelName.of(prefix + userId + suffix));
    } catch (ProtocolException cannotBe) {
      return Optional.empty();
    }
  }

  /** Whose it is; none if it is nobody's. */
  Optional<String> userOf(ChannelName channel) {
    String name = channel.value();
    boolean fits =
        name.length() > prefix.length() + suffix.length()
            && name.startsWith(prefix)
            && name.endsWith(suffix);
    return fits
        ? Optional.of(name.substring(prefix.length(), name.length() - suffix.length()))
        : Optional.empty();
  }
}
