package dev.carillon.server.redis;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.CachedEvent;
import dev.carillon.server.cache.ChannelCache;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * The cache of a cluster: the last event lies in Redis, which forgets it when its time is over.
 *
 * <p>An event that is sent again because its answer was lost is neither kept nor published once
 * more. Where Redis has lost that it was, whoever has had it drops it: see {@link RedisBroker}.
 *
 * <p>Thread-safe.
 */
final class RedisChannelCache implements ChannelCache {
  private static final Script PUBLISH = Script.load("cache.lua");
  private static final Script LAST = Script.load("cached.lua");
  private static final Script MISSED = Script.load("missed.lua");

  /** Longer than it takes a burst of subscribers to arrive. */
  private static final Duration BURST = Duration.ofSeconds(3);

  /** Digits of the sequence before what is kept, and of the data's length after them. */
  private static final int SEQUENCE = 16;

  private final RedisNode node;

  RedisChannelCache(RedisNode node) {
    this.node = node;
  }

  @Override
  public CompletionStage<Void> publish(
      Topic topic, CachedEvent event, Duration ttl, @Nullable SocketId except) {
    return node.commands()
        .submit(new Publish(topic, event, ttl, except))
        .thenAccept(published -> node.metrics().published());
  }

  @Override
  public CompletionStage<Last> last(Topic topic) {
    List<byte[]> keys = List.of(kept(topic));
    return node.commands()
        .submit((pipeline, again) -> LAST.on(pipeline, keys, List.of()))
        .thenApply(answer -> last((List<?>) answer));
  }

  /** What the script of {@link #last} answered. */
  static Last last(List<?> answer) {
    if (answer.isEmpty()) {
      return Last.NONE;
    }
    byte[] kept = (byte[]) answer.get(0);
    int begin = SEQUENCE;
    while (kept[begin] != ':') {
      begin++;
    }
    String numbers = NodeLease.text(Arrays.copyOf(kept, begin));
    return new Last(
        new CachedEvent(
            Arrays.copyOfRange(kept, begin + 1, kept.length),
            Integer.parseInt(numbers.substring(SEQUENCE))),
        Long.parseLong(numbers.substring(0, SEQUENCE)),
        Duration.ofMillis((Long) answer.get(1)));
  }

  @Override
  public CompletionStage<Boolean> missed(Topic topic) {
    List<byte[]> keys = List.of(missedBy(topic));
    List<byte[]> arguments =
        NodeLease.arguments(node.nextOperation() + "@" + node.origin(), BURST.toMillis());
    return node.commands()
        .submit((pipeline, again) -> MISSED.on(pipeline, keys, arguments))
        .thenApply(news -> (Long) news == 1);
  }

  private byte[] kept(Topic topic) {
    return node.keys().of(topic, "cached");
  }

  private byte[] missedBy(Topic topic) {
    return node.keys().of(topic, "missed");
  }

  /** What is kept of an event but its sequence, which the script puts before it. */
  private static byte[] keptOf(CachedEvent event) {
    byte[] length = RedisKeys.bytes(event.dataBytes() + ":");
    byte[] message = event.message();
    return ByteBuffer.allocate(length.length + message.length).put(length).put(message).array();
  }

  /** Counted when it is sent: numbers are to rise in the order in which Redis gets them. */
  private final class Publish implements Command<Object> {
    private final Topic topic;
    private final Envelope envelope;
    private final byte[] kept;
    private final Duration ttl;
    private long number;

    Publish(Topic topic, CachedEvent event, Duration ttl, @Nullable SocketId except) {
      this.topic = topic;
      this.envelope = Envelope.cached(event.message(), except, 0);
      this.kept = keptOf(event);
      this.ttl = ttl;
    }

    @Override
    public Response<Object> send(AbstractPipeline pipeline, boolean again) {
      if (!again) {
        number = node.nextNumber();
      }
      RedisKeys keys = node.keys();
      return PUBLISH.on(
          pipeline,
          List.of(
              kept(topic),
              keys.of(topic, "cached-sequence"),
              keys.of(topic, "cached-by"),
              missedBy(topic),
              RedisKeys.bytes(keys.channel(topic)),
              keys.cachedUntil(topic)),
          NodeLease.arguments(
              node.origin(),
              number,
              ttl.toMillis(),
              kept,
              node.pubSub().verb(),
              EnvelopeCodec.tail(envelope, node.origin(), number, again),
              topic.channel()));
    }
  }
}
