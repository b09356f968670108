package dev.carillon.auth.user;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Four users and two teams to try things with: Ann, Ben, Cat and Dan ({@code ann@example.com} …,
 * password {@code carillon}); Design is Ann, Ben and Cat, Operations is Cat and Dan.
 *
 * <p>Immutable.
 */
public final class SampleUsers {
  /** The password of each of them. */
  public static final String PASSWORD = "carillon";

  public static final List<User> USERS =
      List.of(user("1", "Ann"), user("2", "Ben"), user("3", "Cat"), user("4", "Dan"));

  public static final List<Team> TEAMS =
      List.of(new Team("1", "Design"), new Team("2", "Operations"));

  /** The ids of each team's members, by the team's id. */
  public static final Map<String, List<String>> MEMBERS =
      Map.of("1", List.of("1", "2", "3"), "2", List.of("3", "4"));

  private SampleUsers() {}

  private static User user(String id, String name) {
    String email = name.toLowerCase(Locale.ROOT) + "@example.com";
    return new User(id, name, email, Avatar.of(id, name).path());
  }
}
