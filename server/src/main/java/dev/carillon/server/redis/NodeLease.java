package dev.carillon.server.redis;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;

/**
 * This node's sign of life, and the look at that of the others. Each second, or each third of a
 * shorter lease, one script renews this node's lease and returns the nodes whose lease is over;
 * these are evicted. Redis' clock decides.
 *
 * <p>Confined to the thread of {@link RedisCommands}, but for the id, which anybody reads.
 */
final class NodeLease implements RedisCommands.Gate {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLease.class);

  private static final Script RENEW = Script.load("renew.lua");
  private static final Script END = Script.load("end.lua");
  private static final Duration TICK = Duration.ofSeconds(1);

  /** Within so long all nodes that are there have seen that Redis was emptied. */
  private static final Duration RETURN = Duration.ofSeconds(2);

  private final RedisNode node;
  private final SecureRandom random;
  private final Epochs epochs;
  private final long leaseMicros;
  private final long tickNanos;
  private final Evictions evictions;
  private final Remains remains;
  private final CompletableFuture<Void> entered = new CompletableFuture<>();
  private volatile String id;
  private volatile boolean ended;
  private volatile boolean gap;
  private volatile boolean takenOver;
  private volatile boolean tellAwaited;
  private boolean registered;

  /** Whether Redis may have lost what former lives left there to be found by. */
  private boolean formerLost;

  private long renewedAt;

  NodeLease(RedisNode node, SecureRandom random, Duration lease) {
    this.node = node;
    this.random = random;
    this.epochs = new Epochs(node.keys());
    this.evictions = new Evictions(node);
    this.remains = new Remains(node, random);
    this.leaseMicros = lease.toNanos() / 1000;
    this.tickNanos = Math.min(TICK.toNanos(), lease.toNanos() / 3);
    this.id = newId(random);
    this.renewedAt = System.nanoTime() - tickNanos;
  }

  String id() {
    return id;
  }

  /** Completes when the first lease has begun; fails if that was refused. */
  CompletionStage<Void> entered() {
    return entered;
  }

  @Override
  public long nanosUntilNext() {
    return gap ? 0 : renewedAt + tickNanos - System.nanoTime();
  }

  /** Messages may have been missed: clients are told what is now, once it is known what is kept. */
  void gap() {
    gap = true;
    node.commands().wake();
  }

  /** A replica has become a master: it may lack the last changes, and nothing shows which. */
  void takenOver() {
    takenOver = true;
    gap();
  }

  /** Renews; begins a new life where the old one is over. */
  @Override
  public void pass(Shards redis) {
    if (ended) {
      renewedAt = System.nanoTime();
      return;
    }
    boolean missed = gap && entered.isDone(); // nobody is told anything before the first lease
    gap = false;
    boolean replaced = takenOver;
    takenOver = false;
    try {
      renew(redis, missed, replaced);
    } catch (JedisException failure) {
      gap |= missed || !registered; // a life that has begun is told of when it has its lease
      takenOver |= replaced;
      throw failure;
    }
    if (node.commands().settled()) {
      node.index()
          .clean(redis, topic -> node.ports().entries().stream().anyMatch(all -> all.has(topic)));
    }
  }

  private void renew(Shards redis, boolean missed, boolean replaced) {
    AbstractPipeline pipeline = redis.pipeline();
    boolean first = !registered;
    if (first) {
      Rights.check(pipeline, node.keys(), node.pubSub());
    }
    Response<Object> lease = first ? enter(redis, pipeline) : renew(pipeline);
    Map<Integer, Response<Object>> asked = epochs.ask(pipeline, redis.slots());
    pipeline.sync();
    List<?> answer = (List<?>) lease.get();
    if (first) {
      checkRefusal(lease);
    }
    renewedAt = System.nanoTime();
    Epochs.Found epoch = epochs.found(asked);
    boolean stood = first || (Long) answer.get(0) == 1;
    String reason = lossReason(epoch, stood, replaced);
    if (reason != null) {
      LOG.warn("Putting all entries in again node={} reason={}", id, reason);
      boolean known = epoch.emptied() ? epoch.age().compareTo(RETURN) < 0 : replaced && stood;
      begin(redis, known, epoch.emptied() || replaced);
    }
    if (missed || reason != null) {
      tellPresent(epoch.age());
    }
    remains.check(epochs.masters());
    if (!first) {
      answer.subList(1, answer.size()).forEach(dead -> evictions.of(text(dead)));
    }
  }

  private @Nullable String lossReason(Epochs.Found epoch, boolean stood, boolean replaced) {
    if (epoch.emptied()) {
      return "Redis was emptied";
    }
    if (!stood) {
      return "lease lost";
    }
    if (replaced) {
      return "a replica has become the master";
    }
    return node.commands().overfull() ? "too many changes wait" : null;
  }

  /** Now, or once for all when every node has put its entries into a Redis that was emptied. */
  private void tellPresent(Duration age) {
    Duration young = RETURN.minus(age);
    if (young.isNegative()) {
      node.ports().tellPresent();
    } else if (!tellAwaited) {
      tellAwaited = true;
      node.after(
          young.plus(tickNanos, ChronoUnit.NANOS),
          () -> {
            tellAwaited = false;
            node.ports().tellPresent();
          });
    }
  }

  /**
   * Takes a new id. What the old one had is evicted, at once.
   *
   * @param silently all nodes that are there put their entries into an emptied Redis in the same
   *     moment, and those behind a failed-over one have told theirs before: that is no news
   * @param lost whether Redis may have lost what the old life had left there to be found by
   */
  private void begin(Shards redis, boolean silently, boolean lost) {
    String former = id;
    id = newId(random);
    registered = false;
    node.commands()
        .restart(() -> node.ports().entries().forEach(entries -> entries.restore(silently)));
    node.index().leave(former);
    formerLost |= lost;
    AbstractPipeline pipeline = redis.pipeline();
    Response<Object> lease = enter(redis, pipeline);
    pipeline.sync();
    checkRefusal(lease);
  }

  private Response<Object> enter(Shards redis, AbstractPipeline pipeline) {
    if (formerLost) {
      node.index().tellFormer(redis);
    }
    for (String life : node.index().former()) {
      END.on(pipeline, List.of(node.keys().nodes()), List.of(RedisKeys.bytes(life)));
    }
    return node.fingerprints().enter(pipeline, node.keys(), id, leaseMicros);
  }

  private Response<Object> renew(AbstractPipeline pipeline) {
    return RENEW.on(pipeline, List.of(node.keys().nodes()), arguments(id, leaseMicros));
  }

  private void checkRefusal(Response<Object> lease) {
    List<String> apps = AppFingerprints.refused(lease);
    if (!apps.isEmpty()) {
      AppConflictException conflict = new AppConflictException(apps, node.keys().prefix());
      entered.completeExceptionally(conflict);
      throw conflict;
    }
    registered = true;
    formerLost = false;
    entered.complete(null);
  }

  /** Others may evict what is left from now on. */
  void end() {
    ended = true;
    byte[] mine = RedisKeys.bytes(id);
    node.commands()
        .submit((pipeline, again) -> END.on(pipeline, List.of(node.keys().nodes()), List.of(mine)));
  }

  private static String newId(SecureRandom random) {
    byte[] id = new byte[8];
    random.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  static List<byte[]> arguments(Object... values) {
    List<byte[]> arguments = new ArrayList<>(values.length);
    for (Object value : values) {
      arguments.add(value instanceof byte[] bytes ? bytes : RedisKeys.bytes(String.valueOf(value)));
    }
    return arguments;
  }

  static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }
}
