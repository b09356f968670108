package dev.carillon.auth.database;

import dev.carillon.auth.password.Argon2Hash;
import dev.carillon.auth.user.SampleUsers;
import dev.carillon.auth.user.User;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/**
 * Puts {@link SampleUsers} into a database that has no users.
 *
 * <p>Thread-safe; blocks.
 */
public final class SampleData {
  private final Database database;
  private final Users users;

  public SampleData(Database database) {
    this.database = database;
    this.users = new Users(database);
  }

  /** Fills the database, if it has no users; whether it did. */
  public boolean fill() {
    if (!users.none()) {
      return false;
    }
    // Everybody knows the password, so one hash for all of them: each takes its time.
    String hash = Argon2Hash.of(SampleUsers.PASSWORD).text();
    try {
      return database.inTransaction(handle -> insert(handle, hash));
    } catch (UnableToExecuteStatementException e) {
      // Another instance may have been first.
      if (users.none()) {
        throw e;
      }
      return false;
    }
  }

  private static boolean insert(Handle handle, String hash) {
    for (User user : SampleUsers.USERS) {
      handle.execute(
          "INSERT INTO users (id, name, email, password) VALUES (?, ?, ?, ?)",
          user.id(),
          user.name(),
          user.email(),
          hash);
    }
    SampleUsers.TEAMS.forEach(
        team ->
            handle.execute("INSERT INTO teams (id, name) VALUES (?, ?)", team.id(), team.name()));
    SampleUsers.MEMBERS.forEach(
        (team, members) ->
            members.forEach(
                member ->
                    handle.execute(
                        "INSERT INTO team_members (team_id, user_id) VALUES (?, ?)",
                        team,
                        member)));
    return true;
  }

  /** Those of the sample users that are in the database, as samples and not as somebody else. */
  public List<User> present() {
    return SampleUsers.USERS.stream()
        .filter(sample -> users.find(sample.id()).filter(sample::equals).isPresent())
        .toList();
  }
}
