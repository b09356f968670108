package dev.carillon.server.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The subscriptions at one Redis server, over one connection, which is made again whenever it is
 * lost, and then subscribed to all that it had. One thread writes, another reads; a connection over
 * which nothing comes for some seconds, not even the answer to a ping, is lost.
 *
 * <p>Thread-safe.
 */
final class SubscriberLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SubscriberLink.class);

  private static final Duration PING = Duration.ofSeconds(1);

  /** How long nothing may come. */
  static final Duration SILENCE = Duration.ofSeconds(3);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** Is told what comes, on the reading thread. Must not block. */
  interface Listener {
    void onMessage(String channel, byte[] message);

    /** From now on messages of that channel come. */
    void onSubscribed(String channel);

    /** All channels are subscribed again; what was published meanwhile did not come. */
    void onResubscribed();
  }

  private final Supplier<PubSubConnection> connections;
  private final PubSub pubSub;
  private final Listener listener;

  /** What is wanted, by the order in which it was. Guarded by this. */
  private final Set<String> wanted = new HashSet<>();

  /** What was not sent yet: whether to subscribe. Guarded by this. */
  private final Map<String, Boolean> changes = new LinkedHashMap<>();

  /** What was wanted when the connection was made, and is not confirmed. Guarded by this. */
  private final Set<String> lost = new HashSet<>();

  private final Thread reader;
  private final Thread writer;
  private volatile @Nullable PubSubConnection connection;
  private volatile boolean closed;
  private boolean lossTold;
  private boolean resubscribing;

  SubscriberLink(
      String name, Supplier<PubSubConnection> connections, PubSub pubSub, Listener listener) {
    this.connections = connections;
    this.pubSub = pubSub;
    this.listener = listener;
    this.reader = new Thread(this::readAll, "redis-subscriptions-in-" + name);
    this.writer = new Thread(this::writeAll, "redis-subscriptions-out-" + name);
    reader.setDaemon(true);
    writer.setDaemon(true);
  }

  void start() {
    reader.start();
    writer.start();
  }

  /** Whether there is a connection. */
  boolean connected() {
    return connection != null;
  }

  void subscribe(String channel) {
    change(channel, true);
  }

  void unsubscribe(String channel) {
    change(channel, false);
  }

  private void change(String channel, boolean subscribe) {
    boolean first;
    synchronized (this) {
      if (subscribe) {
        wanted.add(channel);
      } else {
        wanted.remove(channel);
        lost.remove(channel);
      }
      first = changes.isEmpty();
      changes.remove(channel); // the last word comes last
      changes.put(channel, subscribe);
    }
    if (first) {
      LockSupport.unpark(writer);
    }
  }

  private void writeAll() {
    long pingAt = System.nanoTime() + PING.toNanos();
    while (!closed) {
      PubSubConnection to = connection;
      if (to == null) {
        LockSupport.parkNanos(PING.toNanos());
        continue;
      }
      try {
        send(to, takeChanges(to));
        long left = pingAt - System.nanoTime();
        if (left <= 0) {
          to.sendPing();
          left = PING.toNanos();
          pingAt = System.nanoTime() + left;
        }
        if (!changed()) {
          LockSupport.parkNanos(left);
        }
      } catch (JedisException lost) {
        LOG.debug("Redis subscriptions cannot be sent", lost);
        to.setBroken(); // the reader makes a new one, which is told all again
        to.disconnect();
        LockSupport.parkNanos(FIRST_PAUSE.toNanos());
      }
    }
  }

  private synchronized boolean changed() {
    return !changes.isEmpty();
  }

  /** None for a connection that is the current one no more: they are for the next. */
  private synchronized Map<String, Boolean> takeChanges(PubSubConnection to) {
    if (connection != to) {
      return Map.of();
    }
    Map<String, Boolean> taken = new LinkedHashMap<>(changes);
    changes.clear();
    return taken;
  }

  private void send(PubSubConnection to, Map<String, Boolean> taken) {
    List<byte[]> names = new ArrayList<>();
    boolean subscribe = true;
    for (Map.Entry<String, Boolean> change : taken.entrySet()) {
      if (subscribe != change.getValue() || names.size() == pubSub.topicsPerCommand()) {
        send(to, subscribe, names);
        names.clear();
      }
      subscribe = change.getValue();
      names.add(RedisKeys.bytes(change.getKey()));
    }
    send(to, subscribe, names);
  }

  private void send(PubSubConnection to, boolean subscribe, List<byte[]> names) {
    if (!names.isEmpty()) {
      to.send(subscribe ? pubSub.subscribe() : pubSub.unsubscribe(), names);
    }
  }

  private void readAll() {
    Duration pause = FIRST_PAUSE;
    while (!closed) {
      try (PubSubConnection from = connections.get()) {
        from.setSoTimeout((int) SILENCE.toMillis());
        opened(from);
        pause = FIRST_PAUSE;
        while (!closed) {
          if (resubscribing && nothingLost()) {
            resubscribed();
          }
          received(from.getUnflushedObject());
        }
      } catch (JedisException failure) {
        pause = lost(failure, pause);
      } catch (RuntimeException bug) {
        LOG.error("Redis subscriptions failed", bug);
        pause = lost(bug, LONGEST_PAUSE);
      }
    }
  }

  private Duration lost(RuntimeException failure, Duration pause) {
    connection = null;
    if (closed) {
      return pause;
    }
    if (!lossTold) {
      lossTold = true;
      LOG.warn("Redis subscriptions lost reason={}", failure.getMessage());
    }
    LockSupport.parkNanos(pause.toNanos());
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }

  /** All that is wanted is to be sent over the new connection. */
  private void opened(PubSubConnection opened) {
    synchronized (this) {
      lost.clear();
      lost.addAll(wanted);
      changes.clear();
      wanted.forEach(channel -> changes.put(channel, true));
      connection = opened;
    }
    resubscribing = true;
    LockSupport.unpark(writer);
  }

  private synchronized boolean nothingLost() {
    return lost.isEmpty();
  }

  private synchronized void found(String channel) {
    lost.remove(channel);
  }

  private void received(Object message) {
    if (!(message instanceof List<?> reply)) {
      return; // the answer to a ping while nothing is subscribed
    }
    String kind = PubSub.text(reply.get(0));
    if (kind.equals(pubSub.message())) {
      listener.onMessage(PubSub.text(reply.get(1)), (byte[]) reply.get(2));
    } else if (kind.equals(pubSub.confirmed())) {
      String channel = PubSub.text(reply.get(1));
      listener.onSubscribed(channel);
      if (resubscribing) {
        found(channel);
      }
    }
  }

  private void resubscribed() {
    resubscribing = false;
    if (lossTold) {
      lossTold = false;
      LOG.info("Redis subscribed again");
    }
    listener.onResubscribed();
  }

  @Override
  public void close() {
    closed = true;
    PubSubConnection open = connection;
    if (open != null) {
      open.disconnect();
    }
    LockSupport.unpark(writer);
    LockSupport.unpark(reader);
  }
}
