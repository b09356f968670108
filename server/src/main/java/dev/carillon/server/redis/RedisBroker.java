package dev.carillon.server.redis;

import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.metrics.RedisMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.BuilderFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.CommandObject;
import redis.clients.jedis.Response;

/**
 * The broker of a cluster: a topic is a pub/sub channel of Redis, to which a node is subscribed
 * while it has subscribers, and some seconds more: who comes back within them costs nothing.
 *
 * <p>What is sent again because its answer was lost says so, and is dropped by who has had it: an
 * origin's messages come in the order of their numbers.
 *
 * <p>Thread-safe.
 */
final class RedisBroker implements Broker, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisBroker.class);

  /** How long a topic without subscribers stays subscribed. */
  static final Duration LINGER = Duration.ofSeconds(5);

  /** A topic that this node is subscribed to; guarded by its map entry. */
  private static final class Subscribed {
    private final Topic topic;
    private final CompletableFuture<Void> confirmed = new CompletableFuture<>();

    /** Counts who left: only the last is waited for. */
    private int departures;

    /** Volatile for those who only look whether somebody is left. */
    private volatile boolean wanted = true;

    Subscribed(Topic topic) {
      this.topic = topic;
    }
  }

  private final ConcurrentMap<String, Subscribed> topics = new ConcurrentHashMap<>();

  private final RedisNode node;
  private final Listener listener;
  private final Subscriptions subscriptions;

  /** A broker that hands what comes to the listener. */
  RedisBroker(RedisNode node, Listener listener) {
    this.node = node;
    this.listener = listener;
    this.subscriptions =
        new Subscriptions(
            node.clients(),
            node.pubSub(),
            before -> new Arrivals(before instanceof Arrivals arrivals ? arrivals : null));
  }

  void start() {
    subscriptions.start();
  }

  /** Whether what is published arrives here. */
  boolean connected() {
    return subscriptions.connected();
  }

  /** How many topics there are. */
  int topics() {
    return topics.size();
  }

  @Override
  public CompletionStage<Void> subscribe(Topic topic) {
    return topics.compute(
            node.keys().channel(topic),
            (channel, existing) -> {
              if (existing != null) {
                existing.wanted = true;
                return existing;
              }
              subscriptions.subscribe(channel);
              return new Subscribed(topic);
            })
        .confirmed;
  }

  @Override
  public void unsubscribe(Topic topic) {
    topics.computeIfPresent(
        node.keys().channel(topic),
        (channel, subscribed) -> {
          subscribed.wanted = false;
          subscribed.departures++;
          int departure = subscribed.departures;
          node.after(LINGER, () -> leave(channel, subscribed, departure));
          return subscribed;
        });
  }

  private void leave(String name, Subscribed left, int departure) {
    topics.computeIfPresent(
        name,
        (channel, subscribed) -> {
          if (subscribed != left || left.wanted || left.departures != departure) {
            return subscribed;
          }
          if (subscriptions.cancel(channel)) {
            return null;
          }
          if (!left.confirmed.isDone()) { // its confirmation must not be taken for a later one's
            node.after(LINGER, () -> leave(channel, left, departure));
            return subscribed;
          }
          subscriptions.unsubscribe(channel);
          return null;
        });
  }

  @Override
  public CompletionStage<Void> publish(Topic topic, Envelope envelope) {
    return node.commands()
        .submit(new Publish(node.keys().channel(topic), envelope))
        .thenAccept(receivers -> node.metrics().published());
  }

  /** Counted when it is sent: numbers are to rise in the order in which Redis gets them. */
  private final class Publish implements Command<Long> {
    private final byte[] channel;
    private final int slot;
    private final Envelope envelope;
    private SlotMap slots = SlotMap.UNKNOWN;
    private long number;

    Publish(String channel, Envelope envelope) {
      this.channel = RedisKeys.bytes(channel);
      this.slot = SlotMap.slotOf(channel);
      this.envelope = envelope;
    }

    @Override
    public Response<Long> send(AbstractPipeline pipeline, boolean again) {
      boolean counted = sameSequence() && again;
      if (!counted) {
        number = node.nextNumber();
      }
      return pipeline.executeCommand(
          new CommandObject<>(
              new CommandArguments(node.pubSub().publish())
                  .key(channel)
                  .add(EnvelopeCodec.encode(envelope, node.origin(), number, counted)),
              BuilderFactory.LONG));
    }

    /**
     * Whether the number is still compared with those among which it was counted. At the master
     * that a slot was migrated to it may be low among others, and be taken for what had come
     * before: better twice than not at all.
     */
    private boolean sameSequence() {
      SlotMap now = node.clients().topology().current();
      boolean migrated = now.migrated(slot, slots);
      slots = now;
      return !migrated;
    }
  }

  /** What was published may have been missed: clients are told what is now. */
  void gap() {
    listener.onGap(
        topics.values().stream()
            .filter(subscribed -> subscribed.confirmed.isDone())
            .map(subscribed -> subscribed.topic)
            .toList());
  }

  @Override
  public void close() {
    subscriptions.close();
  }

  /** What comes from one master; confined to the reading thread of its link. */
  private final class Arrivals implements SubscriberLink.Listener {
    /** The highest number that came from each origin; copied by who takes this one's place. */
    private final Map<Long, Long> numbers = new ConcurrentHashMap<>();

    Arrivals(@Nullable Arrivals predecessor) {
      if (predecessor != null) {
        numbers.putAll(predecessor.numbers);
      }
    }

    @Override
    public void onMessage(String channel, byte[] message) {
      node.metrics().received();
      Subscribed subscribed = topics.get(channel);
      if (subscribed == null || !subscribed.wanted) {
        return; // nobody is left
      }
      EnvelopeCodec.Received received = EnvelopeCodec.decode(message);
      if (received == null) {
        LOG.warn("Message of an unknown version dropped channel={}", channel);
        return;
      }
      long highest = numbers.getOrDefault(received.origin(), 0L);
      if (received.again() && received.number() <= highest) {
        return;
      }
      numbers.put(received.origin(), Math.max(highest, received.number()));
      listener.onMessage(subscribed.topic, received.envelope());
    }

    @Override
    public void onSubscribed(String channel) {
      // Waits for the map entry if that is being made: the answer may be faster.
      topics.computeIfPresent(
          channel,
          (name, subscribed) -> {
            subscribed.confirmed.complete(null);
            return subscribed;
          });
    }

    @Override
    public void onResubscribed() {
      node.gap();
    }

    @Override
    public void onReconnected() {
      node.metrics().reconnected(RedisMetrics.Purpose.SUBSCRIPTIONS);
    }

    @Override
    public void onDoubt() {
      node.clients().topology().refresh();
    }
  }
}
