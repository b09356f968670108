package dev.carillon.auth.user;

import java.util.List;
import java.util.Optional;

/**
 * Knows the users. The port to replace: by one that asks your user database.
 *
 * <p>Thread-safe; called on worker threads, so it may block. What it throws is answered with 500.
 */
public interface UserDirectory {
  /** The user of that id. Asked with every call of a signed-in user. */
  Optional<User> find(String id);

  /**
   * The user of that e-mail, if the password is the user's. Must not tell by its time whether the
   * e-mail exists, or how much of the password is right.
   */
  Optional<User> verify(String email, String password);

  /** The teams that user is in, in the order to show them. */
  List<Team> teamsOf(String userId);

  /** Who is in that team; nobody if there is no such team. */
  List<User> membersOf(String teamId);

  /** Accounts to offer on the sign-in page; none but in a demo. */
  default List<SampleAccount> samples() {
    return List.of();
  }
}
