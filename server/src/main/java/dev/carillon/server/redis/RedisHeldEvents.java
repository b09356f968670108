package dev.carillon.server.redis;

import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.held.HeldEvents;
import dev.carillon.server.held.Inbox;
import dev.carillon.server.metrics.HeldMetrics;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * The held events of a cluster: a list of each channel in Redis, those of one user in one slot.
 * What is sent again because its answer was lost is done once.
 *
 * <p>Thread-safe.
 */
final class RedisHeldEvents implements HeldEvents {
  private static final Script HOLD = Script.load("held.lua", "hold.lua");
  private static final Script PASS = Script.load("held.lua", "pass.lua");
  private static final Script WAITING = Script.load("held.lua", "waiting.lua");
  private static final Script FREE = Script.load("held.lua", "free.lua");

  private final RedisNode node;
  private final HeldMetrics metrics;

  RedisHeldEvents(RedisNode node, HeldMetrics metrics) {
    this.node = node;
    this.metrics = metrics;
  }

  @Override
  public CompletionStage<Void> hold(Inbox inbox, Event event) {
    return node.commands()
        .submit(new Append(HOLD, inbox, event))
        .thenAccept(lost -> metrics.lost(HeldMetrics.Limit.USER, (Long) lost));
  }

  @Override
  public CompletionStage<Boolean> publish(Inbox inbox, Event event) {
    return node.commands()
        .submit(new Append(PASS, inbox, event))
        .thenApply(
            answer -> {
              List<?> numbers = (List<?>) answer;
              metrics.lost(HeldMetrics.Limit.USER, (Long) numbers.get(1));
              return (Long) numbers.get(0) == 1;
            });
  }

  @Override
  public CompletionStage<Long> waiting(Inbox inbox, Set<Topic> of) {
    List<byte[]> lists = of.stream().map(topic -> node.keys().of(topic, "waiting")).toList();
    return node.commands()
        .submit((pipeline, again) -> WAITING.on(pipeline, lists, List.of()))
        .thenApply(mark -> (Long) mark);
  }

  @Override
  public CompletionStage<Void> release(Inbox inbox, Set<Topic> of, long mark) {
    List<byte[]> keys = of.stream().flatMap(this::keys).toList();
    List<byte[]> arguments = NodeLease.arguments(node.pubSub().verb(), MAX_AGE.toMillis(), mark);
    return node.commands()
        .submit((pipeline, again) -> FREE.on(pipeline, keys, arguments))
        .thenAccept(count -> metrics.released((Long) count));
  }

  private Stream<byte[]> keys(Topic topic) {
    RedisKeys keys = node.keys();
    return Stream.of(
        keys.of(topic, "waiting"),
        keys.of(topic, "waiting-by"),
        keys.of(topic, "cached"),
        keys.of(topic, "cached-sequence"),
        keys.of(topic, "missed"),
        RedisKeys.bytes(keys.channel(topic)));
  }

  /** Counted when it is sent: numbers are to rise in the order in which Redis gets them. */
  private final class Append implements Command<Object> {
    private final Script script;
    private final List<byte[]> keys;
    private final Event event;
    private long number;

    Append(Script script, Inbox inbox, Event event) {
      this.script = script;
      this.event = event;
      Topic topic = event.topic();
      Stream<Topic> others = inbox.channels().stream().filter(other -> !other.equals(topic));
      this.keys =
          Stream.concat(Stream.of(topic), others).flatMap(RedisHeldEvents.this::keys).toList();
    }

    @Override
    public Response<Object> send(AbstractPipeline pipeline, boolean again) {
      if (!again) {
        number = node.nextNumber();
      }
      return script.on(
          pipeline,
          keys,
          NodeLease.arguments(
              node.pubSub().verb(),
              MAX_AGE.toMillis(),
              node.origin(),
              number,
              MAX_EVENTS,
              entry(),
              new byte[] {(byte) (again ? 1 : 0)}));
    }

    /** As held.lua has it, but the time. What waits is published once, so nobody has had it. */
    private byte[] entry() {
      byte[] message = event.content().message();
      Envelope envelope =
          event.cacheTtl().isZero()
              ? Envelope.of(message, event.except())
              : Envelope.cached(message, event.except(), 0);
      byte[] head =
          RedisKeys.bytes(
              event.cacheTtl().toMillis()
                  + ":"
                  + event.content().dataBytes()
                  + ":"
                  + message.length
                  + ":");
      byte[] tail = EnvelopeCodec.tail(envelope, node.origin(), number, false);
      return ByteBuffer.allocate(head.length + tail.length).put(head).put(tail).array();
    }
  }
}
