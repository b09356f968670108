package dev.carillon.server.redis;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Who has which slot at the moment: asked each second, and when a server was found to have lost
 * some, on a thread of its own.
 *
 * <p>Thread-safe.
 */
final class Topology implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Topology.class);

  private static final Duration TICK = Duration.ofSeconds(1);

  /** However often somebody wants to know. */
  private static final Duration AT_LEAST = Duration.ofMillis(50);

  /** Whom to ask, and how. */
  interface Source {
    /** Any of these knows; the first that answers is believed. */
    Collection<HostAndPort> whom(SlotMap current);

    /** Connects to one of them. */
    ServerConnection connect(HostAndPort server);

    /**
     * Asks.
     *
     * @throws JedisException if it does not know
     */
    SlotMap ask(ServerConnection connection);
  }

  /** Is told of each change, on the thread of the topology. */
  interface Listener {
    void onChange(SlotMap before, SlotMap now);
  }

  private final @Nullable Source source;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private final CountDownLatch asked;
  private volatile SlotMap current;
  private volatile String failure = "not asked yet";
  private volatile boolean wanted;
  private volatile boolean closed;
  private @Nullable ServerConnection open;

  private Topology(@Nullable Source source, SlotMap first) {
    this.source = source;
    this.current = first;
    this.asked = new CountDownLatch(source == null ? 0 : 1);
    this.thread = new Thread(this::run, "redis-topology");
    thread.setDaemon(true);
  }

  /** One server, always. */
  static Topology of(HostAndPort only) {
    return new Topology(null, SlotMap.of(only));
  }

  /** What the source says. */
  static Topology asking(Source source) {
    return new Topology(source, SlotMap.UNKNOWN);
  }

  /** Begins to ask. */
  void start() {
    if (source == null) {
      listeners.forEach(listener -> listener.onChange(SlotMap.UNKNOWN, current));
    } else {
      thread.start();
    }
  }

  /** Before the start. */
  void listen(Listener listener) {
    listeners.add(listener);
  }

  /** Without asking. */
  SlotMap current() {
    return current;
  }

  /**
   * Waits for the first answer, or the first time that there is none.
   *
   * @throws JedisConnectionException if nothing is known yet; it says why
   */
  SlotMap known() {
    try {
      asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    SlotMap known = current;
    if (known.masters().isEmpty()) {
      throw new JedisConnectionException(failure);
    }
    return known;
  }

  /** Has it asked soon: somebody was told of another topology. */
  void refresh() {
    wanted = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    while (!closed) {
      boolean doubted = wanted;
      wanted = false;
      try {
        told(ask(doubted));
      } catch (RuntimeException bug) {
        LOG.error("Redis topology failed", bug);
      }
      asked.countDown();
      LockSupport.parkNanos(AT_LEAST.toNanos());
      if (!wanted && !closed) {
        LockSupport.parkNanos(TICK.minus(AT_LEAST).toNanos());
      }
    }
    asked.countDown();
    drop();
  }

  private void told(@Nullable SlotMap now) {
    SlotMap before = current;
    if (now == null || now.equals(before)) {
      return;
    }
    current = now;
    LOG.info("Redis topology masters={}", now);
    listeners.forEach(listener -> listener.onChange(before, now));
  }

  /**
   * {@code null} if nobody knows.
   *
   * @param doubted whether to ask somebody else than the last time: that one may be cut off
   */
  private @Nullable SlotMap ask(boolean doubted) {
    ServerConnection last = open;
    List<HostAndPort> whom = new ArrayList<>();
    if (last != null && !doubted) {
      whom.add(last.getHostAndPort());
    }
    source().whom(current).stream().filter(one -> !whom.contains(one)).forEach(whom::add);
    if (last != null && doubted && whom.remove(last.getHostAndPort())) {
      whom.add(last.getHostAndPort());
    }
    for (HostAndPort server : whom) {
      try {
        return source().ask(connectedTo(server));
      } catch (JedisException away) {
        drop();
        failure = server + ": " + RedisErrors.reason(away);
        LOG.debug("Redis topology not told by={} reason={}", server, failure);
      }
    }
    return null;
  }

  private ServerConnection connectedTo(HostAndPort server) {
    ServerConnection last = open;
    if (last != null && last.getHostAndPort().equals(server) && !last.isBroken()) {
      return last;
    }
    drop();
    ServerConnection made = source().connect(server);
    open = made;
    return made;
  }

  private Source source() {
    if (source == null) {
      throw new IllegalStateException("nobody to ask");
    }
    return source;
  }

  private void drop() {
    ServerConnection last = open;
    open = null;
    if (last != null) {
      close(last);
    }
  }

  /** Also while another thread writes or reads. */
  static void close(ServerConnection connection) {
    try {
      connection.forceDisconnect();
    } catch (IOException closed) {
      LOG.debug("Redis connection closed badly", closed);
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
