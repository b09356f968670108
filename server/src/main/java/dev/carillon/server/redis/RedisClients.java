package dev.carillon.server.redis;

import dev.carillon.server.config.RedisConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Makes connections to the configured Redis: one server, the one that sentinels name, or a cluster.
 *
 * <p>Thread-safe.
 */
final class RedisClients {
  /** How long a server may take to let this one in, or to answer a command. */
  private static final Duration ANSWER_AT_MOST = Duration.ofSeconds(2);

  private static final String NAME = "carillon";

  private final RedisConfig config;
  private final Topology topology;

  RedisClients(RedisConfig config) {
    this.config = config;
    this.topology = topology(config.target());
  }

  private Topology topology(RedisConfig.Target target) {
    if (target instanceof RedisConfig.Standalone server) {
      return Topology.of(new HostAndPort(server.host(), server.port()));
    }
    if (target instanceof RedisConfig.Sentinel sentinel) {
      return Topology.asking(new Sentinels(sentinel));
    }
    if (target instanceof RedisConfig.Cluster cluster) {
      return Topology.asking(new ClusterNodes(addresses(cluster.nodes())));
    }
    throw new IllegalStateException("no topology of " + target);
  }

  /** Whether what is published goes to the shard of its slot. */
  boolean clustered() {
    return config.target() instanceof RedisConfig.Cluster;
  }

  /** Which servers there are at the moment. */
  Topology topology() {
    return topology;
  }

  /**
   * Connects, for commands.
   *
   * @throws redis.clients.jedis.exceptions.JedisException if the server is away or refuses
   */
  ServerConnection connect(HostAndPort server) {
    return new ServerConnection(server, common().database(database()).build());
  }

  /**
   * Connects, for subscriptions.
   *
   * @throws redis.clients.jedis.exceptions.JedisException if the server is away or refuses
   */
  ServerConnection subscriber(HostAndPort server) {
    return new ServerConnection(server, common().build());
  }

  private int database() {
    RedisConfig.Target target = config.target();
    if (target instanceof RedisConfig.Standalone server) {
      return server.database();
    }
    return target instanceof RedisConfig.Sentinel sentinel ? sentinel.database() : 0;
  }

  private DefaultJedisClientConfig.Builder common() {
    return bare().user(config.user()).password(config.password());
  }

  /** Without credentials. All is RESP2: there is nothing that RESP3 would add. */
  private DefaultJedisClientConfig.Builder bare() {
    int millis = (int) ANSWER_AT_MOST.toMillis();
    DefaultJedisClientConfig.Builder builder =
        DefaultJedisClientConfig.builder()
            .resp2()
            .connectionTimeoutMillis(millis)
            .socketTimeoutMillis(millis)
            .clientName(NAME);
    if (config.tls()) {
      builder.sslOptions(ssl());
    }
    return builder;
  }

  private SslOptions ssl() {
    Path ca = config.ca();
    return ca == null ? SslOptions.defaults() : TrustedAuthorities.of(ca);
  }

  private static Set<HostAndPort> addresses(Collection<RedisConfig.Node> nodes) {
    return nodes.stream()
        .map(node -> new HostAndPort(node.host(), node.port()))
        .collect(Collectors.toSet());
  }

  /** The sentinels, which know who is the master. */
  private final class Sentinels implements Topology.Source {
    private final RedisConfig.Sentinel sentinel;

    Sentinels(RedisConfig.Sentinel sentinel) {
      this.sentinel = sentinel;
    }

    @Override
    public Collection<HostAndPort> whom(SlotMap current) {
      return addresses(sentinel.nodes());
    }

    @Override
    public ServerConnection connect(HostAndPort server) {
      return new ServerConnection(server, bare().password(sentinel.sentinelPassword()).build());
    }

    @Override
    public SlotMap ask(ServerConnection connection) {
      Object answer =
          connection.executeCommand(
              new CommandArguments(Protocol.Command.SENTINEL)
                  .add("get-master-addr-by-name")
                  .add(sentinel.master()));
      if (answer == null) {
        throw new JedisException("no master is called " + sentinel.master());
      }
      List<?> address = (List<?>) answer;
      return SlotMap.of(
          new HostAndPort(
              PubSub.text(address.get(0)), Integer.parseInt(PubSub.text(address.get(1)))));
    }
  }

  /** The nodes of a cluster, the configured ones and those they told of. */
  private final class ClusterNodes implements Topology.Source {
    private final Set<HostAndPort> configured;

    ClusterNodes(Set<HostAndPort> configured) {
      this.configured = configured;
    }

    @Override
    public Collection<HostAndPort> whom(SlotMap current) {
      Set<HostAndPort> all = new LinkedHashSet<>(current.masters());
      all.addAll(configured);
      return all;
    }

    @Override
    public ServerConnection connect(HostAndPort server) {
      return RedisClients.this.connect(server);
    }

    @Override
    public SlotMap ask(ServerConnection connection) {
      Object ranges =
          connection.executeCommand(new CommandArguments(Protocol.Command.CLUSTER).add("SLOTS"));
      SlotMap slots = SlotMap.read((List<?>) ranges, connection.getHostAndPort());
      if (slots.masters().isEmpty()) {
        throw new JedisException("the cluster has no slots");
      }
      return slots;
    }
  }

  /** Where Redis is, for logs: no passwords. */
  @Override
  public String toString() {
    return config.target().toString();
  }
}
