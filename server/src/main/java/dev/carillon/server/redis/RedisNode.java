package dev.carillon.server.redis;

import dev.carillon.server.app.App;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.directory.Directory;
import dev.carillon.server.held.HeldEvents;
import dev.carillon.server.idempotency.Idempotency;
import dev.carillon.server.metrics.HeldMetrics;
import dev.carillon.server.metrics.RedisMetrics;
import dev.carillon.server.occupancy.CountListener;
import dev.carillon.server.occupancy.Occupancy;
import dev.carillon.server.occupancy.OccupancyListener;
import dev.carillon.server.presence.MemberListener;
import dev.carillon.server.presence.Presence;
import dev.carillon.server.quota.Quota;
import dev.carillon.server.status.StatusStore;
import dev.carillon.server.user.Users;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final Logger LOG = LoggerFactory.getLogger(RedisNode.class);

  /** More changes than so many, of some hundred bytes each, are put back whole instead. */
  private static final int MAX_WAITING = 200_000;

  private final RedisMetrics metrics;
  private final int maxWaiting;
  private final Homes homes = new Homes();
  private final RedisKeys keys;
  private final PubSub pubSub;
  private final RedisCommands commands;
  private final NodeLease lease;
  private final RedisClients clients;
  private final long origin;
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong operations = new AtomicLong();
  private final NodePorts ports = new NodePorts();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "redis-timer");
            thread.setDaemon(true);
            return thread;
          });
  private final NodeIndex index = new NodeIndex(this);
  private AppFingerprints fingerprints = new AppFingerprints(List.of());
  private final Duration publishTimeout;

  /** A node; nothing is sent before {@link #start}. */
  public RedisNode(ScalingConfig config, RedisMetrics metrics) {
    this(config, metrics, MAX_WAITING);
  }

  /**
   * With a limit of its own.
   *
   * @param maxWaiting how many changes, and how many subscribers, may wait for Redis
   */
  RedisNode(ScalingConfig config, RedisMetrics metrics, int maxWaiting) {
    this.maxWaiting = maxWaiting;
    this.metrics = metrics;
    SecureRandom random = new SecureRandom();
    this.keys = new RedisKeys(config.redis().prefix(), homes);
    this.clients = new RedisClients(config.redis());
    this.pubSub = clients.clustered() ? PubSub.SHARDED : PubSub.PLAIN;
    this.origin = random.nextLong();
    this.lease = new NodeLease(this, random, config.nodeLease());
    this.publishTimeout = config.publishTimeout();
    this.commands =
        new RedisCommands(new Shards(clients, metrics), lease, publishTimeout, maxWaiting);
    metrics.observe(this::available, commands::waiting, ports::topics);
  }

  /** The broker; once, before the start. */
  public Broker broker(Broker.Listener listener) {
    return ports.add(new RedisBroker(this, listener));
  }

  /** The member lists; once, before the start. */
  public Presence presence(MemberListener listener) {
    return ports.with(new RedisPresence(this, listener));
  }

  /** The occupancy; once, before the start. */
  public Occupancy occupancy(OccupancyListener listener, CountListener counts) {
    return ports.with(new RedisOccupancy(this, listener, counts));
  }

  /** How many connections the apps have; once, before the start. */
  public Quota quota() {
    return ports.with(new RedisQuota(this, publishTimeout));
  }

  /** What is known of channels. */
  public Directory directory() {
    return new RedisDirectory(keys, reads());
  }

  private Reads reads() {
    return new Reads(this, publishTimeout);
  }

  /** The cache channels' last events. */
  public ChannelCache channelCache() {
    return new RedisChannelCache(this);
  }

  /** The events that wait until their user may be disturbed. */
  public HeldEvents heldEvents(HeldMetrics metrics) {
    return new RedisHeldEvents(this, metrics);
  }

  /**
   * Who is online; once, before the start.
   *
   * @param grace after a user's last connection, until the user goes offline
   */
  public Users users(Duration grace) {
    return ports.add(new RedisUsers(this, grace));
  }

  /** How users are; once, before the start, and after the broker. */
  public StatusStore statusStore(StatusStore.Listener listener) {
    return ports.add(new RedisStatusStore(this, listener, publishTimeout));
  }

  /** The requests that are done once. */
  public Idempotency idempotency() {
    return new RedisIdempotency(this, publishTimeout);
  }

  /** The apps that this node serves; once, before the start. */
  public void apps(Iterable<App> apps) {
    homes.add(apps);
    fingerprints = new AppFingerprints(apps);
    metrics.cachedEvents(new CachedEvents(keys, reads(), apps)::count);
  }

  /**
   * Connects, and goes on trying for as long as Redis is away.
   *
   * @return completes when this node is one of the nodes, perhaps much later; fails if it may not
   *     be, with a message for operators: other nodes mean another app by the id of one of its apps
   */
  public CompletionStage<Void> start() {
    ports.start();
    clients.topology().listen(this::changed);
    clients.topology().start();
    commands.start();
    return lease.entered();
  }

  private void changed(SlotMap before, SlotMap now) {
    if (now.masters().stream().anyMatch(master -> now.predecessor(master, before) != null)) {
      lease.takenOver();
    }
    commands.wake();
  }

  /** Whether what nodes share can be reached. */
  public boolean available() {
    return !commands.away() && ports.connected();
  }

  int maxWaiting() {
    return maxWaiting;
  }

  RedisMetrics metrics() {
    return metrics;
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

  AppFingerprints fingerprints() {
    return fingerprints;
  }

  NodeIndex index() {
    return index;
  }

  NodePorts ports() {
    return ports;
  }

  /** What was published may have been missed. */
  void gap() {
    lease.gap();
  }

  /** Runs something later; it must not block. */
  void after(Duration delay, Runnable task) {
    try {
      timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closed) {
      // Nothing is left to do it for.
    }
  }

  /**
   * Blocks until Redis has answered what it was sent before, and those who asked know.
   *
   * @param atMost after which it is not waited for any longer
   */
  public void drain(Duration atMost) throws InterruptedException {
    CountDownLatch answered = new CountDownLatch(1);
    commands
        .keep((pipeline, again) -> pipeline.exists(keys.nodes()))
        .whenComplete((answer, failure) -> answered.countDown());
    if (!answered.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.info("Redis has not answered everything before the end");
    }
  }

  /** Takes this node's lease back, so that what it leaves is evicted at once, and ends. */
  @Override
  public void close() {
    timer.shutdownNow();
    lease.end();
    commands.close();
    ports.close();
    clients.topology().close();
  }
}
