package dev.carillon.server.config;

/**
 * Where the auth endpoint has its users.
 *
 * <p>Immutable.
 *
 * @param url {@code jdbc:h2:…} or {@code jdbc:postgresql:…}
 * @param user empty for none, or the one in the URL
 * @param password empty for none
 * @param connections how many are open at most; 1 or more
 */
public record DatabaseConfig(String url, String user, String password, int connections) {
  /** What an empty file means. */
  public static DatabaseConfig defaults() {
    return new DatabaseConfig("jdbc:h2:./data/auth", "", "", 10);
  }

  /** Without the password, and the URL that may have one. */
  @Override
  public String toString() {
    return "DatabaseConfig[user=%s, connections=%d]".formatted(user, connections);
  }

  /** A builder that starts with these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Varies a {@link DatabaseConfig}. Confined to one thread. */
  public static final class Builder {
    private String url;
    private String user;
    private String password;
    private int connections;

    private Builder(DatabaseConfig from) {
      this.url = from.url;
      this.user = from.user;
      this.password = from.password;
      this.connections = from.connections;
    }

    public Builder url(String url) {
      this.url = url;
      return this;
    }

    public Builder user(String user) {
      this.user = user;
      return this;
    }

    public Builder password(String password) {
      this.password = password;
      return this;
    }

    public Builder connections(int connections) {
      this.connections = connections;
      return this;
    }

    public DatabaseConfig build() {
      return new DatabaseConfig(url, user, password, connections);
    }
  }
}
