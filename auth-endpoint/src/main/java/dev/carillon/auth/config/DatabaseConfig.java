package dev.carillon.auth.config;

/**
 * Where the users are.
 *
 * <p>Immutable.
 *
 * @param url {@code jdbc:h2:…} or {@code jdbc:postgresql:…}
 * @param user empty for none, or the one in the URL
 * @param password empty for none
 * @param connections how many are open at most
 */
public record DatabaseConfig(String url, String user, String password, int connections) {
  /** How many connections where nothing is said. */
  public static final int CONNECTIONS = 10;

  private static final String H2 = "jdbc:h2:";

  /**
   * @throws IllegalArgumentException if the URL is of another kind of database, or there are no
   *     connections
   */
  public DatabaseConfig {
    if (!url.startsWith(H2) && !url.startsWith("jdbc:postgresql:")) {
      // Not the URL itself: it may have a password in it.
      throw new IllegalArgumentException(
          "database: got a URL of another kind, allowed are jdbc:h2:… and jdbc:postgresql:…");
    }
    if (connections < 1) {
      throw new IllegalArgumentException(
          "database: connections: got " + connections + ", allowed is 1 or more");
    }
  }

  /** One in memory, gone with the process; those of the same name are the same. */
  public static DatabaseConfig inMemory(String name) {
    return new DatabaseConfig(H2 + "mem:" + name, "", "", CONNECTIONS);
  }

  /** Whether it is H2, so inside this process. */
  public boolean embedded() {
    return url.startsWith(H2);
  }

  /** The URL without what may be secret in it: everything behind its path. */
  public String shown() {
    return url.replaceFirst("[?;].*", "").replaceFirst("//[^/@]*@", "//");
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "DatabaseConfig[url=%s, user=%s, connections=%d]".formatted(shown(), user, connections);
  }
}
