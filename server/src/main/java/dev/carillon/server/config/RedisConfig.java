package dev.carillon.server.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is, and how it lets this server in.
 *
 * <p>Immutable.
 *
 * @param target which servers
 * @param user null for Redis' default one
 * @param password null for none; with a user, it is one that needs none
 * @param tls whether all connections are TLS, also those to sentinels
 * @param ca PEM file of the authorities that sign the servers' certificates; null for those that
 *     the JVM trusts
 * @param prefix of all keys and channels; not empty, without braces, which are Redis Cluster's hash
 *     tags, and without white space
 */
public record RedisConfig(
    Target target,
    @Nullable String user,
    @Nullable String password,
    boolean tls,
    @Nullable Path ca,
    String prefix) {
  /** Which servers. */
  public sealed interface Target {}

  /**
   * One server.
   *
   * @param host a name or an address, IPv6 without brackets
   * @param port 1 to 65535
   * @param database 0 or more
   */
  public record Standalone(String host, int port, int database) implements Target {}

  /**
   * A Redis Cluster.
   *
   * @param nodes to ask for the others, at least one
   */
  public record Cluster(List<Node> nodes) implements Target {
    /**
     * @throws IllegalArgumentException if there is no node
     */
    public Cluster {
      nodes = atLeastOne(nodes);
    }
  }

  /**
   * The server that the sentinels name.
   *
   * @param master as the sentinels call it
   * @param nodes the sentinels, at least one
   * @param sentinelPassword that the sentinels themselves want; null for none
   * @param database 0 or more
   */
  public record Sentinel(
      String master, List<Node> nodes, @Nullable String sentinelPassword, int database)
      implements Target {
    /**
     * @throws IllegalArgumentException if there is no sentinel
     */
    public Sentinel {
      nodes = atLeastOne(nodes);
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "Sentinel[master=%s, nodes=%s, database=%d]".formatted(master, nodes, database);
    }
  }

  /**
   * A server of several.
   *
   * @param host a name or an address, IPv6 without brackets
   * @param port 1 to 65535
   */
  public record Node(String host, int port) {}

  private static List<Node> atLeastOne(List<Node> nodes) {
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("nodes: got none, expected at least one");
    }
    return List.copyOf(nodes);
  }

  /** What an empty file means. */
  public static RedisConfig defaults() {
    return new RedisConfig(
        new Standalone("127.0.0.1", RedisUrl.PORT, 0), null, null, false, null, "carillon:");
  }

  /** Without the password. */
  @Override
  public String toString() {
    return "RedisConfig[target=%s, user=%s, tls=%s, ca=%s, prefix=%s]"
        .formatted(target, user, tls, ca, prefix);
  }

  /** A builder that starts with these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Varies a {@link RedisConfig}. Confined to one thread. */
  public static final class Builder {
    private Target target;
    private @Nullable String user;
    private @Nullable String password;
    private boolean tls;
    private @Nullable Path ca;
    private String prefix;

    private Builder(RedisConfig from) {
      this.target = from.target;
      this.user = from.user;
      this.password = from.password;
      this.tls = from.tls;
      this.ca = from.ca;
      this.prefix = from.prefix;
    }

    public Builder target(Target target) {
      this.target = target;
      return this;
    }

    public Builder user(@Nullable String user) {
      this.user = user;
      return this;
    }

    public Builder password(@Nullable String password) {
      this.password = password;
      return this;
    }

    public Builder tls(boolean tls) {
      this.tls = tls;
      return this;
    }

    public Builder ca(@Nullable Path ca) {
      this.ca = ca;
      return this;
    }

    public Builder prefix(String prefix) {
      this.prefix = prefix;
      return this;
    }

    public RedisConfig build() {
      return new RedisConfig(target, user, password, tls, ca, prefix);
    }
  }
}
