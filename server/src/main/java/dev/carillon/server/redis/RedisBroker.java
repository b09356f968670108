package dev.carillon.server.redis;

import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
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
  private final SubscriberLink link;

  /** A broker that hands what comes to the listener. */
  RedisBroker(RedisNode node, Listener listener) {
    this.node = node;
    this.listener = listener;
    this.link = new SubscriberLink("1", node.clients().subscriber(), node.pubSub(), new Arrivals());
  }

  void start() {
    link.start();
  }

  /** Whether what is published arrives here. */
  boolean connected() {
    return link.connected();
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
              link.subscribe(channel);
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
          if (!left.confirmed.isDone()) { // its confirmation must not be taken for a later one's
            node.after(LINGER, () -> leave(channel, left, departure));
            return subscribed;
          }
          link.unsubscribe(channel);
          return null;
        });
  }

  @Override
  public CompletionStage<Void> publish(Topic topic, Envelope envelope) {
    return node.commands()
        .submit(new Publish(node.keys().channel(topic), envelope))
        .thenApply(receivers -> null);
  }

  /** Counted when it is sent: numbers are to rise in the order in which Redis gets them. */
  private final class Publish implements Command<Long> {
    private final byte[] channel;
    private final Envelope envelope;
    private long number;

    Publish(String channel, Envelope envelope) {
      this.channel = RedisKeys.bytes(channel);
      this.envelope = envelope;
    }

    @Override
    public Response<Long> send(AbstractPipeline pipeline, boolean again) {
      if (!again) {
        number = node.nextNumber();
      }
      return pipeline.executeCommand(
          new CommandObject<>(
              new CommandArguments(node.pubSub().publish())
                  .key(channel)
                  .add(EnvelopeCodec.encode(envelope, node.origin(), number, again)),
              BuilderFactory.LONG));
    }
  }

  /** What was published may have been missed: clients are told what is now. */
  void gap() {
    topics.values().stream()
        .filter(subscribed -> subscribed.confirmed.isDone())
        .forEach(subscribed -> listener.onGap(subscribed.topic));
  }

  @Override
  public void close() {
    link.close();
  }

  /** What comes over one connection; confined to its reading thread. */
  private final class Arrivals implements SubscriberLink.Listener {
    /** The highest number that came from each origin. */
    private final Map<Long, Long> numbers = new HashMap<>();

    @Override
    public void onMessage(String channel, byte[] message) {
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
  }
}
