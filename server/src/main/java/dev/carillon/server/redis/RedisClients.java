package dev.carillon.server.redis;

import dev.carillon.server.config.RedisConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.UnifiedJedis;

/**
 * Makes connections to the configured Redis: one server, the one that sentinels name, or a cluster.
 *
 * <p>Thread-safe.
 */
final class RedisClients {
  private static final Duration CONNECT_AT_MOST = Duration.ofSeconds(2);
  private static final Duration TOPOLOGY_AGE = Duration.ofSeconds(1);
  private static final String NAME = "carillon";

  private final RedisConfig config;
  private volatile @Nullable RedisSentinelClient sentinel;

  RedisClients(RedisConfig config) {
    this.config = config;
  }

  /** Whether what is published goes to the shard of its slot. */
  boolean clustered() {
    return config.target() instanceof RedisConfig.Cluster;
  }

  /**
   * A client for commands; of one thread, so one connection to each server is enough.
   *
   * @throws redis.clients.jedis.exceptions.JedisException if sentinels or a cluster are away
   */
  UnifiedJedis commands() {
    RedisConfig.Target target = config.target();
    if (target instanceof RedisConfig.Standalone server) {
      return RedisClient.builder()
          .hostAndPort(new HostAndPort(server.host(), server.port()))
          .clientConfig(clientConfig(server.database()))
          .poolConfig(pool())
          .build();
    }
    if (target instanceof RedisConfig.Sentinel sentinels) {
      RedisSentinelClient client = sentinelClient(sentinels);
      sentinel = client;
      return client;
    }
    if (target instanceof RedisConfig.Cluster cluster) {
      return RedisClusterClient.builder()
          .nodes(addresses(cluster.nodes()))
          .clientConfig(clientConfig(0))
          .poolConfig(pool())
          .maxAttempts(1)
          .topologyRefreshPeriod(TOPOLOGY_AGE)
          .build();
    }
    throw new IllegalStateException("no client for " + target);
  }

  private RedisSentinelClient sentinelClient(RedisConfig.Sentinel sentinels) {
    return RedisSentinelClient.builder()
        .masterName(sentinels.master())
        .sentinels(addresses(sentinels.nodes()))
        .sentinelClientConfig(
            common(DefaultJedisClientConfig.builder().password(sentinels.sentinelPassword()))
                .build())
        .clientConfig(clientConfig(sentinels.database()))
        .poolConfig(pool())
        .build();
  }

  /** Of a client that was told of another topology. */
  void refresh(UnifiedJedis client) {
    if (client instanceof RedisClusterClient cluster) {
      cluster.refreshClusterTopology();
    }
  }

  /** Connects to the one server, or to the master of the moment, for subscriptions. */
  Supplier<PubSubConnection> subscriber() {
    return () -> {
      RedisConfig.Target target = config.target();
      if (target instanceof RedisConfig.Standalone server) {
        return subscriber(new HostAndPort(server.host(), server.port()));
      }
      RedisSentinelClient client = sentinel;
      if (client == null) {
        throw new redis.clients.jedis.exceptions.JedisConnectionException("no master is known yet");
      }
      return subscriber(client.getCurrentMaster());
    };
  }

  /** Connects to that server, for subscriptions. */
  PubSubConnection subscriber(HostAndPort server) {
    DefaultJedisClientConfig.Builder builder = credentials(DefaultJedisClientConfig.builder());
    PubSubConnection connection =
        new PubSubConnection(server, common(builder).resp2().clientName(NAME).build());
    try {
      connection.connect();
    } catch (RuntimeException failure) {
      connection.close();
      throw failure;
    }
    return connection;
  }

  private JedisClientConfig clientConfig(int database) {
    return common(credentials(DefaultJedisClientConfig.builder().database(database)))
        .clientName(NAME)
        .build();
  }

  private DefaultJedisClientConfig.Builder credentials(DefaultJedisClientConfig.Builder builder) {
    return builder.user(config.user()).password(config.password());
  }

  private DefaultJedisClientConfig.Builder common(DefaultJedisClientConfig.Builder builder) {
    int millis = (int) CONNECT_AT_MOST.toMillis();
    builder.connectionTimeoutMillis(millis).socketTimeoutMillis(millis);
    if (config.tls()) {
      builder.sslOptions(ssl());
    }
    return builder;
  }

  private SslOptions ssl() {
    Path ca = config.ca();
    return ca == null ? SslOptions.defaults() : TrustedAuthorities.of(ca);
  }

  private static GenericObjectPoolConfig<Connection> pool() {
    GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
    pool.setMaxTotal(4);
    pool.setJmxEnabled(false);
    return pool;
  }

  private static Set<HostAndPort> addresses(Collection<RedisConfig.Node> nodes) {
    return nodes.stream()
        .map(node -> new HostAndPort(node.host(), node.port()))
        .collect(Collectors.toSet());
  }

  /** Where Redis is, for logs: no passwords. */
  @Override
  public String toString() {
    return config.target().toString();
  }
}
