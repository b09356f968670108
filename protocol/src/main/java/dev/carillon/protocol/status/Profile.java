package dev.carillon.protocol.status;

import org.jspecify.annotations.Nullable;

/**
 * What the app says of a user.
 *
 * @param name {@code null} if it is not known
 * @param avatar an address; {@code null} if it is not known
 */
public record Profile(@Nullable String name, @Nullable String avatar) {
  /** Nothing is known. */
  public static final Profile UNKNOWN = new Profile(null, null);

  /** This one, with what the other knows. */
  public Profile with(Profile news) {
    return new Profile(
        news.name == null ? name : news.name, news.avatar == null ? avatar : news.avatar);
  }
}
