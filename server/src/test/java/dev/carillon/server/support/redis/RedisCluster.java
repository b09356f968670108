package dev.carillon.server.support.redis;

import dev.carillon.server.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Three masters that share the slots, without replicas: a node that is down for {@value
 * #NODE_TIMEOUT_MILLIS} ms takes the cluster down, until it is back. Confined to one thread.
 */
public final class RedisCluster implements AutoCloseable {
  private static final int MASTERS = 3;
  private static final int SLOTS = 16_384;
  private static final int NODE_TIMEOUT_MILLIS = 1_000;

  private static final Duration AWAIT_AT_MOST = Duration.ofSeconds(20);
  private static final Duration AWAIT_INTERVAL = Duration.ofMillis(50);

  private final List<RedisServer> nodes = new ArrayList<>();

  private RedisCluster() {}

  /** Without a password; returns when every node finds the cluster complete. */
  public static RedisCluster start() {
    return start("");
  }

  /** With a password, if it is not empty. */
  public static RedisCluster start(String password) {
    return start(node -> password.isEmpty() ? node : node.password(password));
  }

  /** As {@link RedisServer.Builder#user} of each node. */
  public static RedisCluster startWithUser(String name, String password, String rights) {
    return start(node -> node.user(name, password, rights));
  }

  private static RedisCluster start(UnaryOperator<RedisServer.Builder> access) {
    RedisCluster cluster = new RedisCluster();
    try {
      for (int i = 0; i < MASTERS; i++) {
        cluster.nodes.add(node(access));
      }
      cluster.shareSlots();
      cluster.meet();
      cluster.awaitOk();
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  private static RedisServer node(UnaryOperator<RedisServer.Builder> access) {
    return access
        .apply(
            RedisServer.builder()
                .line("cluster-enabled yes")
                .line("cluster-config-file nodes.conf")
                .line("cluster-node-timeout " + NODE_TIMEOUT_MILLIS))
        .start();
  }

  private void shareSlots() {
    for (int i = 0; i < MASTERS; i++) {
      try (Jedis node = nodes.get(i).admin()) {
        node.clusterSetConfigEpoch(i + 1);
        node.clusterAddSlotsRange(firstSlot(i), firstSlot(i + 1) - 1);
      }
    }
  }

  private static int firstSlot(int node) {
    return SLOTS * node / MASTERS;
  }

  private void meet() {
    try (Jedis first = nodes.get(0).admin()) {
      for (RedisServer other : nodes.subList(1, MASTERS)) {
        first.clusterMeet(other.host(), other.port());
      }
    }
  }

  /** Waits until every node finds the cluster complete, as after a node's restart. */
  public void awaitOk() {
    Await.until(
        "the cluster is complete",
        AWAIT_AT_MOST,
        AWAIT_INTERVAL,
        () -> nodes.stream().allMatch(RedisCluster::isOk));
  }

  private static boolean isOk(RedisServer node) {
    try (Jedis admin = node.admin()) {
      String info = admin.clusterInfo();
      return info.contains("cluster_state:ok")
          && info.contains("cluster_known_nodes:" + MASTERS)
          && info.contains("cluster_slots_ok:" + SLOTS)
          && !admin.clusterNodes().contains("fail");
    }
  }

  /** In the order of their slots. */
  public List<RedisServer> nodes() {
    return List.copyOf(nodes);
  }

  /** What to give to a client. */
  public Set<HostAndPort> addresses() {
    return nodes.stream().map(RedisServer::address).collect(Collectors.toUnmodifiableSet());
  }

  /** What to give to a client, with each node's password. */
  public List<String> urls() {
    return nodes.stream().map(RedisServer::url).toList();
  }

  public JedisClientConfig clientConfig() {
    return nodes.get(0).clientConfig();
  }

  /** The node that has this key, or this channel of SSUBSCRIBE. */
  public RedisServer nodeOf(String key) {
    int slot = JedisClusterCRC16.getSlot(key);
    int node = 0;
    while (slot >= firstSlot(node + 1)) {
      node++;
    }
    return nodes.get(node);
  }

  @Override
  public void close() {
    nodes.forEach(RedisServer::close);
  }
}
