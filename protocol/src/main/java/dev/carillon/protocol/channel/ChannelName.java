package dev.carillon.protocol.channel;

import dev.carillon.protocol.ProtocolException;
import java.util.function.IntPredicate;

/**
 * A valid channel name: 1 to 200 characters of {@code A-Z a-z 0-9 _ - = @ , . ;}. A leading {@code
 * #} is allowed only in {@code #server-to-user-<id>}. Names are compared byte for byte. Source:
 * docs/PROTOCOL.md, "Channels".
 *
 * <p>Immutable.
 */
public final class ChannelName {
  /** The longest name, in characters. */
  public static final int MAX_LENGTH = 200;

  private static final String UNNAMED = "channel name";

  static final String USER_PREFIX = "#server-to-user-";

  private final String value;
  private final ChannelType type;
  private final boolean cache;

  private ChannelName(String value) {
    this.value = value;
    this.type = ChannelType.of(value);
    this.cache = type.caches(value);
  }

  /**
   * The channel of that name.
   *
   * @throws ProtocolException if the name is empty, too long, or has a character that is not
   *     allowed
   */
  public static ChannelName of(String name) {
    return of(UNNAMED, name, false);
  }

  /**
   * Like {@link #of(String)}, but any printable character is allowed, as Laravel Reverb does; for
   * apps with {@code relaxed_channel_names}.
   *
   * @throws ProtocolException if the name is empty, too long, or has a control character
   */
  public static ChannelName relaxed(String name) {
    return of(UNNAMED, name, true);
  }

  /**
   * Like {@link #of(String)}, or {@link #relaxed}.
   *
   * @param field what a mistake calls it
   */
  public static ChannelName of(String field, String name, boolean relaxed) {
    return relaxed
        ? of(field, name, ChannelName::isPrintable, "any printable character")
        : of(field, name, ChannelName::isStrict, "A-Z a-z 0-9 _ - = @ , . ;");
  }

  /**
   * The channel of that user, {@code #server-to-user-<id>}, whatever characters the id has: one
   * that {@link #of(String)} would refuse can be neither subscribed to nor triggered by its name.
   *
   * @param id a valid user id
   */
  public static ChannelName ofUser(String id) {
    return new ChannelName(USER_PREFIX + id);
  }

  /**
   * The channel of a name that {@link #value} gave, also to another process: it is not checked
   * again, and so may be any that one of the others makes.
   */
  public static ChannelName ofValue(String value) {
    return new ChannelName(value);
  }

  private static ChannelName of(
      String field, String name, IntPredicate allowed, String allowedText) {
    if (name.isEmpty() || name.length() > MAX_LENGTH) {
      throw ProtocolException.invalidChannel(
          "Invalid "
              + field
              + ": got "
              + name.length()
              + " characters, allowed are 1 to "
              + MAX_LENGTH);
    }
    int from = 0;
    if (name.charAt(0) == '#') {
      if (!name.startsWith(USER_PREFIX) || name.length() == USER_PREFIX.length()) {
        throw ProtocolException.invalidChannel(
            "Invalid "
                + field
                + ": got '"
                + name
                + "', allowed are names that start with # only as "
                + USER_PREFIX
                + "<user id>");
      }
      from = USER_PREFIX.length();
    }
    if (!name.codePoints().skip(from).allMatch(allowed)) {
      throw ProtocolException.invalidChannel(
          "Invalid " + field + ": got '" + name + "', allowed are " + allowedText);
    }
    return new ChannelName(name);
  }

  private static boolean isStrict(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "_-=@,.;".indexOf(c) >= 0;
  }

  private static boolean isPrintable(int c) {
    boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    return !surrogate && Character.isDefined(c) && !Character.isISOControl(c);
  }

  public String value() {
    return value;
  }

  public ChannelType type() {
    return type;
  }

  /**
   * Whether the channel keeps its last event for those who subscribe later: {@code cache-} comes
   * first in the name, or right behind the type's prefix.
   */
  public boolean isCache() {
    return cache;
  }

  /**
   * The user whose channel this is: {@code u1} of {@code #server-to-user-u1}. For {@link
   * ChannelType#USER} only.
   */
  public String user() {
    if (type != ChannelType.USER) {
      throw new IllegalStateException(value + " is no user's channel");
    }
    return value.substring(USER_PREFIX.length());
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof ChannelName that && value.equals(that.value));
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
