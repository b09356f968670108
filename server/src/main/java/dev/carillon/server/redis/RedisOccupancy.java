package dev.carillon.server.redis;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.occupancy.CountListener;
import dev.carillon.server.occupancy.Occupancy;
import dev.carillon.server.occupancy.OccupancyListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * The occupancy of a cluster. Each node says how many subscriptions it has; Redis sums them up and
 * so decides when a channel is occupied or vacated. A number that waits to be sent is the one at
 * the time of sending: many who come at once are one command.
 *
 * <p>Thread-safe. The map entry of a topic is its lock.
 */
final class RedisOccupancy implements Occupancy, Entries {
  private static final Script OCCUPY = Script.load("occupy.lua");
  private static final Script VACATE = Script.load("vacate.lua");

  /** What this node has in a channel; guarded by its map entry. */
  private static final class Held {
    private int count;
    private @Nullable CompletionStage<Void> unsent;
  }

  private final ConcurrentMap<Topic, Held> held = new ConcurrentHashMap<>();
  private final AtomicInteger waiting = new AtomicInteger();

  private final RedisNode node;
  private final OccupancyListener listener;
  private final CountListener counts;

  RedisOccupancy(RedisNode node, OccupancyListener listener, CountListener counts) {
    this.node = node;
    this.listener = listener;
    this.counts = counts;
  }

  @Override
  public CompletionStage<Void> entered(Topic topic) {
    if (waiting.get() >= node.maxWaiting()) {
      throw new UnavailableException("Too many wait for Redis");
    }
    CompletableFuture<Void> entered = new CompletableFuture<>();
    waiting.incrementAndGet();
    entered.whenComplete((told, failure) -> waiting.decrementAndGet());
    change(topic, 1, entered);
    return entered;
  }

  @Override
  public void left(Topic topic) {
    change(topic, -1, null);
  }

  private void change(Topic topic, int change, @Nullable CompletableFuture<Void> told) {
    held.compute(
        topic,
        (t, existing) -> {
          if (change < 0 && (existing == null || existing.count == 0)) {
            return existing; // nobody leaves who did not enter
          }
          Held now = existing == null ? new Held() : existing;
          now.count += change;
          CompletionStage<Void> unsent = now.unsent;
          if (unsent == null) {
            unsent = send(t, false);
            now.unsent = unsent;
          }
          if (told != null) {
            follow(told, unsent);
          }
          return now;
        });
  }

  private CompletionStage<Void> send(Topic topic, boolean silently) {
    return node.commands()
        .keep(new Occupy(topic))
        .thenAccept(change -> decided(topic, silently ? 0 : (Long) change));
  }

  /** A number that is put back with all others counts as sent. */
  private static void follow(CompletableFuture<Void> done, CompletionStage<Void> sent) {
    sent.whenComplete(
        (ok, failure) -> {
          if (failure == null || LifeEndedException.is(failure)) {
            done.complete(null);
          } else {
            done.completeExceptionally(failure);
          }
        });
  }

  private void decided(Topic topic, long change) {
    if (change > 0) {
      listener.channelOccupied(topic);
    } else if (change < 0) {
      listener.channelVacated(topic);
    }
  }

  @Override
  public void restore(boolean silently) {
    for (Topic topic : held.keySet()) {
      held.computeIfPresent(
          topic,
          (t, now) -> {
            if (now.count == 0) {
              return null; // was not told, and need not be
            }
            now.unsent = send(t, silently);
            now.unsent.thenRun(() -> counts.recounted(t));
            return now;
          });
    }
  }

  @Override
  public boolean has(Topic topic) {
    return false; // what is here is of apps, and these are never taken out of the index
  }

  @Override
  public CompletionStage<Void> evict(String deadNode, String appId, @Nullable ChannelName channel) {
    return channel == null ? vacate(deadNode, appId) : CompletableFuture.completedStage(null);
  }

  private CompletionStage<Void> vacate(String deadNode, String appId) {
    RedisKeys keys = node.keys();
    List<byte[]> both =
        List.of(keys.ofApp(appId, "occupancy"), keys.ofApp(appId, "occupancy", deadNode));
    return node.commands()
        .submit((pipeline, again) -> VACATE.on(pipeline, both, List.of()))
        .thenCompose(
            answer -> {
              List<?> out = (List<?>) answer;
              topics(appId, out.get(1)).forEach(listener::channelVacated);
              topics(appId, out.get(2)).forEach(counts::recounted);
              return (Long) out.get(0) == 0
                  ? CompletableFuture.completedStage(null)
                  : vacate(deadNode, appId);
            });
  }

  private static Stream<Topic> topics(String appId, Object names) {
    return ((List<?>) names)
        .stream().map(name -> new Topic(appId, ChannelName.ofValue(NodeLease.text(name))));
  }

  @Override
  public CompletionStage<Integer> subscriptions(Topic topic) {
    byte[] key = node.keys().ofApp(topic.appId(), "occupancy");
    byte[] channel = RedisKeys.bytes(topic.channel().value());
    return node.commands()
        .submit((pipeline, again) -> pipeline.hget(key, channel))
        .thenApply(count -> count == null ? 0 : Integer.parseInt(NodeLease.text(count)));
  }

  private final class Occupy implements Command<Object> {
    private final Topic topic;
    private final long operation = node.nextOperation();
    private int count;

    Occupy(Topic topic) {
      this.topic = topic;
    }

    @Override
    public @Nullable Response<?> prepare(AbstractPipeline pipeline) {
      return node.index().add(pipeline, NodeIndex.name(topic.appId(), ""));
    }

    @Override
    public Response<Object> send(AbstractPipeline pipeline, boolean again) {
      if (!again) {
        take();
      }
      RedisKeys keys = node.keys();
      String app = topic.appId();
      return OCCUPY.on(
          pipeline,
          List.of(
              keys.ofApp(app, "occupancy"),
              keys.ofApp(app, "occupancy", node.id()),
              keys.ofApp(app, "occupancy-left", node.id())),
          NodeLease.arguments(topic.channel(), count, operation));
    }

    private void take() {
      held.computeIfPresent(
          topic,
          (t, now) -> {
            count = now.count;
            now.unsent = null;
            return now.count == 0 ? null : now;
          });
    }
  }
}
