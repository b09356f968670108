package dev.carillon.auth.database;

import dev.carillon.auth.user.Account;
import dev.carillon.auth.user.Avatar;
import dev.carillon.auth.user.Team;
import dev.carillon.auth.user.User;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who the users are, and which teams they are in.
 *
 * <p>Thread-safe; blocks.
 */
public final class Users {
  private static final String USER = "SELECT u.id, u.name, u.email, u.avatar FROM users u ";

  private final Database database;

  public Users(Database database) {
    this.database = database;
  }

  /** The user of that id. */
  public Optional<User> find(String id) {
    return one(USER + "WHERE u.id = ?", id);
  }

  /** The user of that e-mail, in whatever case. */
  public Optional<User> findByEmail(String email) {
    return one(USER + "WHERE u.email = ?", email.toLowerCase(Locale.ROOT));
  }

  /** The user of a session, unless the session was ended. */
  public Optional<User> findOfSession(String id, String session) {
    if (isImpossible(id)) {
      return Optional.empty();
    }
    String sql =
        USER + "WHERE u.id = ?" + " AND NOT EXISTS (SELECT 1 FROM ended_sessions e WHERE e.id = ?)";
    return database.with(
        handle -> handle.select(sql, id, session).map((row, context) -> user(row)).findOne());
  }

  private Optional<User> one(String sql, String value) {
    if (isImpossible(value)) {
      return Optional.empty();
    }
    return database.with(
        handle -> handle.select(sql, value).map((row, context) -> user(row)).findOne());
  }

  /** The account of that e-mail, in whatever case. */
  public Optional<Account> account(String email) {
    if (isImpossible(email)) {
      return Optional.empty();
    }
    String sql =
        "SELECT u.id, u.name, u.email, u.avatar, u.password FROM users u WHERE u.email = ?";
    return database.with(
        handle ->
            handle
                .select(sql, email.toLowerCase(Locale.ROOT))
                .map((row, context) -> new Account(user(row), textOrNone(row, "password")))
                .findOne());
  }

  /** The teams that user is in, by name. */
  public List<Team> teamsOf(String userId) {
    String sql =
        "SELECT t.id, t.name FROM teams t JOIN team_members m ON m.team_id = t.id"
            + " WHERE m.user_id = ? ORDER BY t.name, t.id";
    return database.with(
        handle ->
            handle
                .select(sql, userId)
                .map((row, context) -> new Team(row.getString("id"), row.getString("name")))
                .list());
  }

  /** Who is in that team, by name; nobody if there is no such team. */
  public List<User> membersOf(String teamId) {
    String sql =
        USER + "JOIN team_members m ON m.user_id = u.id WHERE m.team_id = ? ORDER BY u.name, u.id";
    return database.with(
        handle -> handle.select(sql, teamId).map((row, context) -> user(row)).list());
  }

  /** The ids of those who share a team with that user, each once, by name. */
  public List<String> colleaguesOf(String userId, int max) {
    String sql =
        "SELECT u.id FROM users u WHERE u.id <> ? AND u.id IN (SELECT o.user_id"
            + " FROM team_members m JOIN team_members o ON o.team_id = m.team_id"
            + " WHERE m.user_id = ?) ORDER BY u.name, u.id LIMIT ?";
    return database.with(
        handle -> handle.select(sql, userId, userId, max).mapTo(String.class).list());
  }

  /** Whether there is nobody. */
  public boolean none() {
    return database.with(
        handle ->
            handle.select("SELECT 1 FROM users LIMIT 1").mapTo(int.class).findOne().isEmpty());
  }

  private static User user(ResultSet row) throws SQLException {
    String id = row.getString("id");
    String name = row.getString("name");
    String avatar = textOrNone(row, "avatar");
    return new User(
        id, name, row.getString("email"), avatar.isEmpty() ? Avatar.of(id, name).path() : avatar);
  }

  private static String textOrNone(ResultSet row, String column) throws SQLException {
    String text = row.getString(column);
    return text == null ? "" : text;
  }

  /** PostgreSQL has no text with a zero in it, nor half a surrogate pair, and would not compare. */
  private static boolean isImpossible(String text) {
    return text.indexOf('\0') >= 0 || text.codePoints().anyMatch(Users::isHalfAPair);
  }

  private static boolean isHalfAPair(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
