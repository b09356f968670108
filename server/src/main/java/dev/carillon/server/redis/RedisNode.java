package dev.carillon.server.redis;

import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.idempotency.Idempotency;
import dev.carillon.server.occupancy.Occupancy;
import dev.carillon.server.occupancy.OccupancyListener;
import dev.carillon.server.presence.MemberListener;
import dev.carillon.server.presence.Presence;
import dev.carillon.server.quota.Quota;
import dev.carillon.server.user.Users;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;

/**
 * This process as a node of a cluster: the ports that the server asks, and what they stand on.
 *
 * <p>All that a node has in Redis is under its id, for as long as it renews its lease. An id lives
 * until the lease is lost: by a pause, a cut, or a Redis that comes back empty. Then the node takes
 * a new one and puts its entries in again; those of the old one are evicted like a dead node's. So
 * no entry of a former life is ever mistaken for a present one.
 *
 * <p>Thread-safe.
 */
public final class RedisNode implements AutoCloseable {
  private final RedisKeys keys;
  private final PubSub pubSub;
  private final RedisCommands commands;
  private final NodeLease lease;
  private final RedisClients clients;
  private final long origin;
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong operations = new AtomicLong();
  private final Set<String> indexedApps = new HashSet<>();
  private final List<Entries> entries = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "redis-timer");
            thread.setDaemon(true);
            return thread;
          });
  private final Duration publishTimeout;
  private @Nullable RedisBroker broker;
  private @Nullable RedisUsers users;

  /** A node; nothing is sent before {@link #start}. */
  public RedisNode(ScalingConfig config) {
    SecureRandom random = new SecureRandom();
    this.keys = new RedisKeys(config.redis().prefix());
    this.clients = new RedisClients(config.redis());
    this.pubSub = clients.clustered() ? PubSub.SHARDED : PubSub.PLAIN;
    this.origin = random.nextLong();
    this.lease = new NodeLease(this, random, config.nodeLease());
    this.publishTimeout = config.publishTimeout();
    this.commands = new RedisCommands(clients, lease, publishTimeout);
  }

  /** The broker; once, before the start. */
  public Broker broker(Broker.Listener listener) {
    RedisBroker made = new RedisBroker(this, listener);
    broker = made;
    return made;
  }

  /** The member lists; once, before the start. */
  public Presence presence(MemberListener listener) {
    return with(new RedisPresence(this, listener));
  }

  /** The occupancy; once, before the start. */
  public Occupancy occupancy(OccupancyListener listener) {
    return with(new RedisOccupancy(this, listener));
  }

  /** How many connections the apps have; once, before the start. */
  public Quota quota() {
    return with(new RedisQuota(this, publishTimeout));
  }

  /** The cache channels' last events. */
  public ChannelCache channelCache() {
    return new RedisChannelCache(this);
  }

  /**
   * Who is online; once, before the start.
   *
   * @param grace after a user's last connection, until the user goes offline
   */
  public Users users(Duration grace) {
    RedisUsers made = with(new RedisUsers(this, grace));
    users = made;
    return made;
  }

  /** The requests that are done once. */
  public Idempotency idempotency() {
    return new RedisIdempotency(this, publishTimeout);
  }

  private <T extends Entries> T with(T made) {
    entries.add(made);
    return made;
  }

  /** Connects, and goes on trying for as long as Redis is away. */
  public void start() {
    commands.start();
    if (broker != null) {
      broker.start();
    }
    if (users != null) {
      users.start();
    }
  }

  /** Whether what nodes share can be reached. */
  public boolean available() {
    return !commands.away() && (broker == null || broker.connected());
  }

  RedisKeys keys() {
    return keys;
  }

  PubSub pubSub() {
    return pubSub;
  }

  RedisClients clients() {
    return clients;
  }

  RedisCommands commands() {
    return commands;
  }

  /** Under which entries are kept; asked for when a command is sent. */
  String id() {
    return lease.id();
  }

  /** Names this process among publishers. */
  long origin() {
    return origin;
  }

  /** The number of the next message that this process publishes. */
  long nextNumber() {
    return numbers.incrementAndGet();
  }

  /** The number of the next change that this process makes. */
  long nextOperation() {
    return operations.incrementAndGet();
  }

  List<Entries> entries() {
    return entries;
  }

  /** What was published may have been missed. */
  void gap() {
    lease.gap();
  }

  /** Clients are told what is now. */
  void tellPresent() {
    if (broker != null) {
      broker.gap();
    }
  }

  /** Runs something later; it must not block. */
  void after(Duration delay, Runnable task) {
    try {
      timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closed) {
      // Nothing is left to do it for.
    }
  }

  /** Takes this node's lease back, so that what it leaves is evicted at once, and ends. */
  @Override
  public void close() {
    timer.shutdownNow();
    lease.end();
    commands.close();
    if (broker != null) {
      broker.close();
    }
  }

  /** Puts an app into this node's index, unless it is there. On the thread of the commands. */
  void indexApp(AbstractPipeline pipeline, String appId, boolean again) {
    if (indexedApps.add(id() + "/" + appId) || again) {
      pipeline.sadd(keys.ofNode(id()), RedisKeys.bytes(appId + "/"));
    }
  }

  /** The members of a node's index, by which what it left is found. */
  static String indexed(Topic topic) {
    return topic.appId() + "/" + topic.channel();
  }

  static String newId(SecureRandom random) {
    byte[] id = new byte[8];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }
}
