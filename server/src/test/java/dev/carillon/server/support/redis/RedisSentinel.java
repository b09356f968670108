package dev.carillon.server.support.redis;

import dev.carillon.server.support.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A master, its replica, and one to three sentinels that watch them. A master that is down for
 * {@value #DOWN_AFTER_MILLIS} ms is replaced, if most sentinels find so. Confined to one thread.
 */
public final class RedisSentinel implements AutoCloseable {
  /** What the sentinels call the master. */
  public static final String MASTER_NAME = "carillon";

  private static final int SENTINELS_AT_MOST = 3;
  private static final int DOWN_AFTER_MILLIS = 500;
  private static final int FAILOVER_TIMEOUT_MILLIS = 2_000;

  private static final Duration AWAIT_AT_MOST = Duration.ofSeconds(20);
  private static final Duration AWAIT_INTERVAL = Duration.ofMillis(50);

  // A sentinel makes an old master a replica four of its periods later; with its own, that is 8 s.
  private static final int PUBLISH_PERIOD_MILLIS = 200;
  private static final int INFO_PERIOD_MILLIS = 500;

  private final List<RedisServer> servers = new ArrayList<>();
  private final List<RedisServer> sentinels = new ArrayList<>();

  private RedisSentinel() {}

  /** Without passwords; returns when the sentinels know the replica and each other. */
  public static RedisSentinel start(int sentinels) {
    return start(sentinels, "", "");
  }

  /**
   * With a password, where it is not empty.
   *
   * @param password of master and replica
   * @param sentinelPassword of the sentinels
   */
  public static RedisSentinel start(int sentinels, String password, String sentinelPassword) {
    if (sentinels < 1 || sentinels > SENTINELS_AT_MOST) {
      throw new IllegalArgumentException(
          "got " + sentinels + " sentinels (expected: 1 to " + SENTINELS_AT_MOST + ")");
    }
    RedisSentinel started = new RedisSentinel();
    try {
      started.startServers(password);
      for (int i = 0; i < sentinels; i++) {
        started.sentinels.add(
            sentinel(started.servers.get(0), sentinels / 2 + 1, password, sentinelPassword));
      }
      started.awaitComplete();
      return started;
    } catch (RuntimeException | Error e) {
      started.close();
      throw e;
    }
  }

  private void startServers(String password) {
    RedisServer master = server(password).start();
    servers.add(master);
    RedisServer replica =
        server(password).line("replicaof " + master.host() + " " + master.port()).start();
    servers.add(replica);
    await("the replica is in step", () -> isReplicaOf(replica, master));
  }

  private static RedisServer.Builder server(String password) {
    RedisServer.Builder server =
        RedisServer.builder().line("repl-diskless-sync-delay 0").line("shutdown-timeout 0");
    if (!password.isEmpty()) {
      server.password(password).line("masterauth " + password);
    }
    return server;
  }

  private static RedisServer sentinel(
      RedisServer master, int quorum, String password, String sentinelPassword) {
    String of = " " + MASTER_NAME + " ";
    RedisServer.Builder sentinel =
        RedisServer.builder()
            .sentinel()
            .line("sentinel monitor" + of + master.host() + " " + master.port() + " " + quorum)
            .line("sentinel down-after-milliseconds" + of + DOWN_AFTER_MILLIS)
            .line("sentinel failover-timeout" + of + FAILOVER_TIMEOUT_MILLIS);
    if (!password.isEmpty()) {
      sentinel.line("sentinel auth-pass" + of + password);
    }
    if (!sentinelPassword.isEmpty()) {
      sentinel.password(sentinelPassword);
    }
    RedisServer started = sentinel.start();
    try (Jedis admin = started.admin()) {
      admin.sendCommand(
          Protocol.Command.SENTINEL,
          "DEBUG",
          "PUBLISH-PERIOD",
          String.valueOf(PUBLISH_PERIOD_MILLIS),
          "INFO-PERIOD",
          String.valueOf(INFO_PERIOD_MILLIS));
    }
    return started;
  }

  private static boolean isReplicaOf(RedisServer replica, RedisServer master) {
    try (Jedis admin = replica.admin()) {
      String info = admin.info("replication");
      return info.contains("role:slave")
          && info.contains("master_port:" + master.port())
          && info.contains("master_link_status:up");
    } catch (JedisException unreachable) { // becoming one closes connections
      return false;
    }
  }

  private void awaitComplete() {
    await(
        "the sentinels know the replica and each other",
        () -> sentinels.stream().allMatch(this::isComplete));
  }

  private boolean isComplete(RedisServer sentinel) {
    try (Jedis admin = sentinel.admin()) {
      return admin.sentinelReplicas(MASTER_NAME).size() == 1
          && admin.sentinelSentinels(MASTER_NAME).size() == sentinels.size() - 1;
    }
  }

  /** In no order that means anything; see {@link #master}. */
  public List<RedisServer> servers() {
    return List.copyOf(servers);
  }

  public List<RedisServer> sentinels() {
    return List.copyOf(sentinels);
  }

  /** The sentinels' addresses: what to give to a client, with {@link #MASTER_NAME}. */
  public Set<HostAndPort> addresses() {
    return sentinels.stream().map(RedisServer::address).collect(Collectors.toUnmodifiableSet());
  }

  /** For master and replica. */
  public JedisClientConfig clientConfig() {
    return servers.get(0).clientConfig();
  }

  /** For the sentinels. */
  public JedisClientConfig sentinelClientConfig() {
    return sentinels.get(0).plainConfig();
  }

  /** The master, as the first running sentinel has it. */
  public RedisServer master() {
    return masterOf(sentinels.stream().filter(RedisServer::isRunning).findFirst().orElseThrow());
  }

  private RedisServer masterOf(RedisServer sentinel) {
    try (Jedis admin = sentinel.admin()) {
      int port = Integer.parseInt(admin.sentinelGetMasterAddrByName(MASTER_NAME).get(1));
      return servers.stream().filter(server -> server.port() == port).findFirst().orElseThrow();
    }
  }

  /** The one of the two that is not the master. */
  public RedisServer replica() {
    return otherThan(master());
  }

  private RedisServer otherThan(RedisServer server) {
    return servers.get(1 - servers.indexOf(server));
  }

  /** Makes the replica the master; returns when the old master is its replica and in step. */
  public void failover() {
    RedisServer old = master();
    RedisServer next = otherThan(old);
    await("a sentinel takes the failover", this::isFailoverTaken);
    awaitMaster(next);
    await("the old master is in step", () -> isReplicaOf(old, next));
  }

  private boolean isFailoverTaken() {
    try (Jedis admin = sentinels.get(0).admin()) {
      return admin.sentinelFailover(MASTER_NAME).equals("OK");
    } catch (JedisDataException notNow) { // one is under way, or the replica was not looked at yet
      if (notNow.getMessage().startsWith("INPROG")
          || notNow.getMessage().startsWith("NOGOODSLAVE")) {
        return false;
      }
      throw notNow;
    }
  }

  /** Waits until it is the master, and every running sentinel has it so, as after a kill. */
  public void awaitMaster(RedisServer server) {
    await(
        "the sentinels have the master at " + server.port(),
        () ->
            isMaster(server)
                && sentinels.stream()
                    .filter(RedisServer::isRunning)
                    .allMatch(sentinel -> masterOf(sentinel).equals(server)));
  }

  private static boolean isMaster(RedisServer server) {
    try (Jedis admin = server.admin()) {
      return admin.info("replication").contains("role:master");
    } catch (JedisException unreachable) { // a promotion closes connections
      return false;
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    Await.until(what, AWAIT_AT_MOST, AWAIT_INTERVAL, condition);
  }

  @Override
  public void close() {
    sentinels.forEach(RedisServer::close);
    servers.forEach(RedisServer::close);
  }
}
