package dev.carillon.server.status;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.server.app.App;
import java.util.Optional;
import java.util.function.Function;

/**
 * The channels that an app's users have for themselves, by a pattern like {@code
 * private-App.Models.User.{id}}.
 *
 * <p>Immutable.
 */
public final class UserChannel {
  private static final String ID = "{id}";

  private final Function<String, ChannelName> names;
  private final String prefix;
  private final String suffix;

  /** Those of that app's users. */
  public static UserChannel of(App app) {
    return new UserChannel(app.status().userChannel(), app::channel);
  }

  /**
   * Channels of that pattern.
   *
   * @param names makes a channel of a name, by the app's rule for names
   */
  UserChannel(String pattern, Function<String, ChannelName> names) {
    this.names = names;
    int at = pattern.indexOf(ID);
    this.prefix = pattern.substring(0, at);
    this.suffix = pattern.substring(at + ID.length());
  }

  /** The user's; none if the id has characters that channels may not have, or is too long. */
  Optional<ChannelName> of(String userId) {
    try {
      return Optional.of(names.apply(prefix + userId + suffix));
    } catch (ProtocolException cannotBe) {
      return Optional.empty();
    }
  }

  /** Whose it is; none if it is nobody's. */
  public Optional<String> userOf(ChannelName channel) {
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
