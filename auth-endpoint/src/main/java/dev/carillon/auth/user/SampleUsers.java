package dev.carillon.auth.user;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Four users and two teams to try things with: Ann, Ben, Cat and Dan ({@code ann@example.com} …,
 * password {@code carillon}); Design is Ann, Ben and Cat, Operations is Cat and Dan.
 *
 * <p>Immutable.
 */
public final class SampleUsers implements UserDirectory {
  /** The password of each of them. */
  public static final String PASSWORD = "carillon";

  private static final User ANN = user("1", "Ann");
  private static final User BEN = user("2", "Ben");
  private static final User CAT = user("3", "Cat");
  private static final User DAN = user("4", "Dan");
  private static final List<User> USERS = List.of(ANN, BEN, CAT, DAN);

  private static final List<Team> TEAMS =
      List.of(new Team("1", "Design"), new Team("2", "Operations"));
  private static final Map<String, List<User>> MEMBERS =
      Map.of("1", List.of(ANN, BEN, CAT), "2", List.of(CAT, DAN));

  private static User user(String id, String name) {
    String email = name.toLowerCase(java.util.Locale.ROOT) + "@example.com";
    return new User(id, name, email, Avatar.of(id, name).path());
  }

  @Override
  public Optional<User> find(String id) {
    return USERS.stream().filter(user -> user.id().equals(id)).findFirst();
  }

  @Override
  public Optional<User> verify(String email, String password) {
    // Compared first, and for an unknown e-mail too.
    boolean right = MessageDigest.isEqual(PASSWORD.getBytes(UTF_8), password.getBytes(UTF_8));
    return USERS.stream().filter(user -> right && user.email().equalsIgnoreCase(email)).findFirst();
  }

  @Override
  public List<Team> teamsOf(String userId) {
    return TEAMS.stream().filter(team -> isMember(team.id(), userId)).toList();
  }

  private boolean isMember(String teamId, String userId) {
    return membersOf(teamId).stream().anyMatch(user -> user.id().equals(userId));
  }

  @Override
  public List<User> membersOf(String teamId) {
    return MEMBERS.getOrDefault(teamId, List.of());
  }

  @Override
  public List<SampleAccount> samples() {
    return USERS.stream().map(user -> new SampleAccount(user, PASSWORD)).toList();
  }
}
