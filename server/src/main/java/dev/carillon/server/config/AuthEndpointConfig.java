package dev.carillon.server.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The auth endpoint.
 *
 * <p>Immutable.
 *
 * @param host the address to listen on, for example {@code 0.0.0.0}
 * @param port 0 to 65535; 0 takes any free one
 * @param app the id of the app whose key and secret sign
 * @param serverUrl where status calls go; empty for the server of the same file
 * @param database where the users are
 * @param jwt whose bearer tokens are taken; null for nobody's
 * @param channels who may join what; the first rule that matches decides
 */
public record AuthEndpointConfig(
    String host,
    int port,
    String app,
    String serverUrl,
    DatabaseConfig database,
    @Nullable JwtConfig jwt,
    List<Rule> channels) {
  public AuthEndpointConfig {
    channels = List.copyOf(channels);
  }

  /**
   * Who may join the channels of that pattern.
   *
   * @param pattern for example {@code presence-team.{team}.presence}
   * @param allow {@code user}, {@code member-of-team}, {@code any-user} or {@code nobody}
   */
  public record Rule(String pattern, String allow) {}

  /** What an empty file means. */
  public static AuthEndpointConfig defaults() {
    return new AuthEndpointConfig(
        "0.0.0.0",
        8000,
        "app-id",
        "",
        DatabaseConfig.defaults(),
        null,
        List.of(
            new Rule("private-App.Models.User.{id}", "user"),
            new Rule("presence-team.{team}.presence", "member-of-team")));
  }

  /** A builder that starts with these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Varies an {@link AuthEndpointConfig}. Confined to one thread. */
  public static final class Builder {
    private String host;
    private int port;
    private String app;
    private String serverUrl;
    private final DatabaseConfig.Builder database;
    private @Nullable JwtConfig jwt;
    private List<Rule> channels;

    private Builder(AuthEndpointConfig from) {
      this.host = from.host;
      this.port = from.port;
      this.app = from.app;
      this.serverUrl = from.serverUrl;
      this.database = from.database.toBuilder();
      this.jwt = from.jwt;
      this.channels = from.channels;
    }

    public Builder host(String host) {
      this.host = host;
      return this;
    }

    public Builder port(int port) {
      this.port = port;
      return this;
    }

    public Builder app(String app) {
      this.app = app;
      return this;
    }

    public Builder serverUrl(String serverUrl) {
      this.serverUrl = serverUrl;
      return this;
    }

    /** The database's own builder. */
    public DatabaseConfig.Builder database() {
      return database;
    }

    public Builder jwt(@Nullable JwtConfig jwt) {
      this.jwt = jwt;
      return this;
    }

    public Builder channels(List<Rule> channels) {
      this.channels = channels;
      return this;
    }

    public AuthEndpointConfig build() {
      return new AuthEndpointConfig(host, port, app, serverUrl, database.build(), jwt, channels);
    }
  }
}
