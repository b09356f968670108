package dev.carillon.server.redis;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.quota.Quota;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * The connections of a cluster. Each node says how many it has of an app, and asks for more where
 * the app has a limit: one command at a time, for all who have come since the last.
 *
 * <p>Thread-safe. The map entry of an app is its lock.
 */
final class RedisQuota implements Quota, Entries {
  private static final Script ENTER = Script.load("enter.lua");
  private static final CompletableFuture<Boolean> COUNTED = CompletableFuture.completedFuture(true);

  /** What this node has of an app; guarded by its map entry. */
  private static final class Held {
    private int count;
    private int max;
    private Deque<CompletableFuture<Boolean>> waiting = new ArrayDeque<>();
    private boolean changed;
    private final Deque<CompletableFuture<Void>> untold = new ArrayDeque<>();
    private boolean asking;
  }

  private final ConcurrentMap<String, Held> held = new ConcurrentHashMap<>();
  private final RedisNode node;
  private final Duration timeout;

  /**
   * Nobody is connected yet.
   *
   * @param timeout how long a connection waits for Redis
   */
  RedisQuota(RedisNode node, Duration timeout) {
    this.node = node;
    this.timeout = timeout;
  }

  @Override
  public CompletionStage<Boolean> enter(String appId, int max) {
    if (max == 0) {
      change(appId, now -> now.count++);
      return COUNTED;
    }
    CompletableFuture<Boolean> entered = new CompletableFuture<>();
    change(
        appId,
        now -> {
          now.max = max;
          now.waiting.add(entered);
        });
    if (!entered.isDone()) {
      node.after(timeout, () -> giveUp(appId, entered));
    }
    return entered;
  }

  private void giveUp(String appId, CompletableFuture<?> waiting) {
    if (waiting.completeExceptionally(unavailable())) {
      held.computeIfPresent(
          appId,
          (app, now) -> {
            forgetDone(now.waiting);
            forgetDone(now.untold);
            return now;
          });
    }
  }

  /** All wait equally long, so the first are the first to be given up. */
  private static void forgetDone(Deque<? extends CompletableFuture<?>> queue) {
    while (!queue.isEmpty() && queue.getFirst().isDone()) {
      queue.removeFirst();
    }
  }

  private UnavailableException unavailable() {
    return new UnavailableException("Redis did not answer within " + timeout.toMillis() + " ms");
  }

  /** How many wait to be let in, or for the count. */
  int waiting(String appId) {
    Held now = held.get(appId);
    return now == null ? 0 : now.waiting.size() + now.untold.size();
  }

  @Override
  public void leave(String appId) {
    change(appId, now -> now.count--);
  }

  private void change(String appId, Consumer<Held> change) {
    held.compute(
        appId,
        (app, existing) -> {
          Held now = existing == null ? new Held() : existing;
          change.accept(now);
          now.changed = true;
          ask(app, now);
          return now;
        });
  }

  /** Under the app's entry. */
  private void ask(String appId, Held now) {
    if (now.asking || !now.changed) {
      return;
    }
    now.asking = true;
    Ask ask = new Ask(appId);
    node.commands()
        .keep(ask)
        .whenComplete((may, failure) -> answered(ask, may == null ? null : (Long) may));
  }

  /** An answer, or none: then all entries are put back, and it is asked again. */
  private void answered(Ask ask, @Nullable Long may) {
    held.computeIfPresent(
        ask.appId,
        (app, now) -> {
          now.asking = false;
          if (may == null) {
            Deque<CompletableFuture<Boolean>> all = new ArrayDeque<>(ask.asked);
            all.addAll(now.waiting);
            now.waiting = all;
          } else {
            long granted = may - ask.has;
            for (CompletableFuture<Boolean> entered : ask.asked) {
              boolean in = granted > 0;
              // One who did not wait so long leaves its place to the next.
              if (!entered.complete(in)) {
                now.changed = true;
              } else if (in) {
                granted--;
                now.count++;
              }
            }
          }
          now.changed |= may == null;
          ask(app, now);
          if (!now.asking) {
            now.untold.forEach(told -> told.complete(null));
            now.untold.clear();
          }
          return now;
        });
  }

  @Override
  public CompletionStage<Integer> count(String appId) {
    byte[] key = key(appId);
    return told(appId)
        .thenCompose(told -> node.commands().submit((pipeline, again) -> pipeline.hvals(key)))
        .thenApply(
            counts -> counts.stream().mapToInt(n -> Integer.parseInt(NodeLease.text(n))).sum());
  }

  /** Completes when what this node has is in Redis: who asks here has seen it. */
  private CompletableFuture<Void> told(String appId) {
    CompletableFuture<Void> told = new CompletableFuture<>();
    Held known =
        held.computeIfPresent(
            appId,
            (app, now) -> {
              if (now.asking) {
                now.untold.add(told);
              } else {
                told.complete(null);
              }
              return now;
            });
    if (known == null) {
      told.complete(null);
    } else if (!told.isDone()) {
      node.after(timeout, () -> giveUp(appId, told));
    }
    return told;
  }

  @Override
  public void restore(boolean silently) {
    held.keySet().forEach(app -> change(app, now -> {}));
  }

  @Override
  public boolean has(Topic topic) {
    return false; // what is here is of apps, and these are never taken out of the index
  }

  @Override
  public CompletionStage<Void> evict(String deadNode, String appId, @Nullable ChannelName channel) {
    if (channel != null) {
      return CompletableFuture.completedStage(null);
    }
    byte[] key = key(appId);
    return node.commands()
        .submit((pipeline, again) -> pipeline.hdel(key, RedisKeys.bytes(deadNode)))
        .thenApply(gone -> null);
  }

  private byte[] key(String appId) {
    return node.keys().ofApp(appId, "connections");
  }

  /** Says how many there are, and asks for those who wait when it is sent. */
  private final class Ask implements Command<Object> {
    private final String appId;
    private List<CompletableFuture<Boolean>> asked = List.of();
    private int has;
    private int max;

    Ask(String appId) {
      this.appId = appId;
    }

    @Override
    public @Nullable Response<?> prepare(AbstractPipeline pipeline) {
      return node.index().add(pipeline, NodeIndex.name(appId, ""));
    }

    @Override
    public Response<Object> send(AbstractPipeline pipeline, boolean again) {
      if (!again) {
        take();
      }
      return ENTER.on(
          pipeline, List.of(key(appId)), NodeLease.arguments(node.id(), has, asked.size(), max));
    }

    private void take() {
      held.computeIfPresent(
          appId,
          (app, now) -> {
            has = now.count;
            max = now.max;
            List<CompletableFuture<Boolean>> all = new ArrayList<>(asked); // if it was refused
            all.addAll(now.waiting);
            all.removeIf(CompletableFuture::isDone); // has given up
            asked = all;
            now.waiting = new ArrayDeque<>();
            now.changed = false;
            return now;
          });
    }
  }
}
