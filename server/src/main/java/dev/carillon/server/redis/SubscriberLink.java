package dev.carillon.server.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisDataException;
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

  /** After a refusal, until what is not confirmed is asked for once more. */
  private static final Duration REFUSED_PAUSE = Duration.ofMillis(200);

  /** Is told what comes, on the reading thread. Must not block. */
  interface Listener {
    void onMessage(String channel, byte[] message);

    /** From now on messages of that channel come. */
    void onSubscribed(String channel);

    /** All channels are subscribed again; what was published meanwhile did not come. */
    void onResubscribed();

    /** A connection was made in place of a lost one. */
    void onReconnected();

    /** The server does not have some channels, or is away: others may have them now. */
    void onDoubt();
  }

  private final HostAndPort server;
  private final RedisClients clients;
  private final PubSub pubSub;
  private final Listener listener;

  private final WantedChannels channels = new WantedChannels();
  private final Thread reader;
  private final Thread writer;
  private volatile @Nullable ServerConnection connection;
  private volatile boolean refused;
  private volatile boolean closed;
  private boolean openedBefore;
  private boolean lossTold;
  private boolean refusalTold;

  /** A link; nothing happens before {@link #start}. */
  SubscriberLink(HostAndPort server, RedisClients clients, PubSub pubSub, Listener listener) {
    this.server = server;
    this.clients = clients;
    this.pubSub = pubSub;
    this.listener = listener;
    this.reader = new Thread(this::readAll, "redis-subscriptions-in-" + server);
    this.writer = new Thread(this::writeAll, "redis-subscriptions-out-" + server);
    reader.setDaemon(true);
    writer.setDaemon(true);
  }

  void start() {
    reader.start();
    writer.start();
  }

  /** Whether there is a connection over which all comes that is wanted. */
  boolean connected() {
    return connection != null && !refused && channels.complete();
  }

  void subscribe(String channel) {
    change(channel, true, false);
  }

  /** As {@link #subscribe}, of a channel that was subscribed elsewhere. */
  void moveHere(String channel) {
    change(channel, true, true);
  }

  void unsubscribe(String channel) {
    change(channel, false, false);
  }

  /** As {@link WantedChannels#cancel}. */
  boolean cancel(String channel) {
    return channels.cancel(channel);
  }

  private void change(String channel, boolean subscribe, boolean moved) {
    if (channels.change(channel, subscribe, moved)) {
      LockSupport.unpark(writer);
    }
  }

  private void writeAll() {
    long pingAt = System.nanoTime() + PING.toNanos();
    while (!closed) {
      ServerConnection to = connection;
      if (to == null) {
        LockSupport.parkNanos(PING.toNanos());
        continue;
      }
      try {
        send(to, channels.takeChanges(to));
        long left = pingAt - System.nanoTime();
        if (left <= 0) {
          to.sendPing();
          left = PING.toNanos();
          pingAt = System.nanoTime() + left;
        }
        if (refused) {
          LockSupport.parkNanos(REFUSED_PAUSE.toNanos());
          refused = channels.askAgain();
        } else if (!channels.changed()) {
          LockSupport.parkNanos(left);
        }
      } catch (JedisException lost) {
        LOG.debug("Redis subscriptions cannot be sent", lost);
        Topology.close(to); // the reader makes a new one, which is told all again
        LockSupport.parkNanos(FIRST_PAUSE.toNanos());
      }
    }
  }

  private void send(ServerConnection to, Map<String, Boolean> taken) {
    List<byte[]> names = new ArrayList<>();
    boolean subscribe = true;
    for (Map.Entry<String, Boolean> change : taken.entrySet()) {
      if (subscribe != change.getValue() || names.size() == pubSub.topicsPerCommand()) {
        write(to, subscribe, names);
        names.clear();
      }
      subscribe = change.getValue();
      names.add(RedisKeys.bytes(change.getKey()));
    }
    write(to, subscribe, names);
    if (!taken.isEmpty()) {
      to.push();
    }
  }

  private void write(ServerConnection to, boolean subscribe, List<byte[]> names) {
    if (!names.isEmpty()) {
      to.sendCommand(
          subscribe ? pubSub.subscribe() : pubSub.unsubscribe(), names.toArray(byte[][]::new));
    }
  }

  private void readAll() {
    Duration pause = FIRST_PAUSE;
    while (!closed) {
      try (ServerConnection from = clients.subscriber(server)) {
        from.setSoTimeout((int) SILENCE.toMillis());
        opened(from);
        pause = FIRST_PAUSE;
        while (!closed) {
          if (channels.caughtUp()) {
            listener.onResubscribed();
          }
          tellReturn();
          read(from);
        }
      } catch (JedisException failure) {
        pause = lost(failure, pause);
      } catch (RuntimeException bug) {
        LOG.error("Redis subscriptions failed", bug);
        pause = lost(bug, LONGEST_PAUSE);
      }
    }
  }

  private void read(ServerConnection from) {
    try {
      if (from.getUnflushedObject() instanceof List<?> reply) { // else the answer to a ping
        received(reply);
      }
    } catch (JedisDataException refusal) {
      refuse(RedisErrors.reason(refusal));
    }
  }

  private Duration lost(RuntimeException failure, Duration pause) {
    connection = null;
    if (closed) {
      return pause;
    }
    if (!lossTold) {
      lossTold = true;
      LOG.warn("Redis subscriptions lost redis={} reason={}", server, RedisErrors.reason(failure));
    }
    listener.onDoubt();
    LockSupport.parkNanos(pause.toNanos());
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }

  /** All that is wanted is to be sent over the new connection. */
  private void opened(ServerConnection opened) {
    if (openedBefore) {
      listener.onReconnected();
    }
    openedBefore = true;
    channels.askAll(opened);
    connection = opened;
    refused = false;
    if (closed) {
      Topology.close(opened);
    }
    LockSupport.unpark(writer);
  }

  private void received(List<?> reply) {
    String kind = PubSub.text(reply.get(0));
    if (kind.equals(pubSub.message())) {
      listener.onMessage(PubSub.text(reply.get(1)), (byte[]) reply.get(2));
    } else if (kind.equals(pubSub.confirmed())) {
      String channel = PubSub.text(reply.get(1));
      channels.confirmed(channel);
      listener.onSubscribed(channel);
    } else if (kind.equals(pubSub.ended()) && channels.takenAway(PubSub.text(reply.get(1)))) {
      refuse("a slot has moved");
    }
  }

  private void refuse(String reason) {
    refused = true;
    if (!refusalTold && !reason.startsWith("MOVED") && !reason.startsWith("a slot")) {
      refusalTold = true;
      LOG.warn("Redis subscriptions refused redis={} reason={}", server, reason);
    }
    listener.onDoubt();
    LockSupport.unpark(writer);
  }

  private void tellReturn() {
    if ((lossTold || refusalTold) && channels.settled()) {
      lossTold = false;
      refusalTold = false;
      LOG.info("Redis subscribed again redis={}", server);
    }
  }

  @Override
  public void close() {
    closed = true;
    ServerConnection open = connection;
    if (open != null) {
      Topology.close(open);
    }
    LockSupport.unpark(writer);
    LockSupport.unpark(reader);
  }
}
