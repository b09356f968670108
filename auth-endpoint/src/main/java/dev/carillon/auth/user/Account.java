package dev.carillon.auth.user;

/**
 * A user, and what the user's password is compared with.
 *
 * <p>Immutable.
 *
 * @param passwordHash as {@link dev.carillon.auth.password.Argon2Hash} writes it; empty if the user
 *     has none
 */
public record Account(User user, String passwordHash) {
  /** Without the hash. */
  @Override
  public String toString() {
    return "Account[user=" + user + "]";
  }
}
