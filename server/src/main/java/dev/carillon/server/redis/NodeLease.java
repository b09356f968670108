package dev.carillon.server.redis;

import dev.carillon.protocol.channel.ChannelName;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.UnifiedJedis;

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
  private static final Script FORGET = Script.load("forget.lua");
  private static final Script END = Script.load("end.lua");
  private static final Duration TICK = Duration.ofSeconds(1);

  /** Within so long all nodes that are there have seen that Redis was emptied. */
  private static final Duration RETURN = Duration.ofSeconds(2);

  /** How long a dead node is looked for what it may still have written when it was paused. */
  private static final Duration WAKE = Duration.ofSeconds(60);

  /** What a renewal found. */
  private record Renewal(boolean stood, String epoch, Duration age, List<String> dead) {}

  private final RedisNode node;
  private final SecureRandom random;
  private final long leaseMicros;
  private final long tickNanos;
  private final Set<String> beingEvicted = ConcurrentHashMap.newKeySet();
  private volatile String id;
  private volatile boolean ended;
  private volatile boolean gap;
  private @Nullable String epoch;
  private boolean registered;
  private long renewedAt;

  NodeLease(RedisNode node, SecureRandom random, Duration lease) {
    this.node = node;
    this.random = random;
    this.leaseMicros = lease.toNanos() / 1000;
    this.tickNanos = Math.min(TICK.toNanos(), lease.toNanos() / 3);
    this.id = RedisNode.newId(random);
    this.renewedAt = System.nanoTime() - tickNanos;
  }

  String id() {
    return id;
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

  /** Renews; begins a new life where the old one is over. */
  @Override
  public void pass(UnifiedJedis redis) {
    if (ended) {
      renewedAt = System.nanoTime();
      return;
    }
    boolean missed = gap && epoch != null; // nobody is told anything before the first renewal
    gap = false;
    Renewal renewal = renew(redis);
    boolean emptied = epoch != null && !renewal.epoch.equals(epoch);
    epoch = renewal.epoch;
    if (emptied || !renewal.stood || node.commands().overfull()) {
      LOG.warn(
          "Putting all entries in again node={} reason={}",
          id,
          emptied ? "Redis was emptied" : renewal.stood ? "too many changes wait" : "lease lost");
      begin(redis, emptied && renewal.age.compareTo(RETURN) < 0);
      missed = true;
    }
    if (missed) {
      Duration young = RETURN.minus(renewal.age);
      if (young.isNegative()) {
        node.tellPresent();
      } else {
        node.after(young.plus(tickNanos, ChronoUnit.NANOS), node::tellPresent); // all are back then
      }
    }
    renewal.dead.forEach(this::evict);
  }

  /**
   * All nodes that are there put their entries into an emptied Redis in the same moment: that is no
   * news to anybody.
   */
  private void begin(UnifiedJedis redis, boolean silently) {
    id = RedisNode.newId(random);
    registered = false;
    node.commands().restart(() -> node.entries().forEach(entries -> entries.restore(silently)));
    renew(redis);
  }

  private Renewal renew(UnifiedJedis redis) {
    List<?> answer =
        (List<?>)
            redis.eval(
                RENEW.text(),
                List.of(node.keys().nodes(), node.keys().epoch()),
                arguments(id, leaseMicros, registered ? 0 : 1));
    renewedAt = System.nanoTime();
    registered = true;
    return new Renewal(
        (Long) answer.get(0) == 1,
        text(answer.get(1)),
        Duration.of((Long) answer.get(2), ChronoUnit.MICROS),
        answer.subList(3, answer.size()).stream().map(NodeLease::text).toList());
  }

  private void evict(String dead) {
    if (!beingEvicted.add(dead)) {
      return;
    }
    byte[] index = node.keys().ofNode(dead);
    node.commands()
        .submit((pipeline, again) -> pipeline.smembers(index))
        .thenCompose(topics -> evict(dead, topics))
        .whenComplete(
            (done, failure) -> {
              beingEvicted.remove(dead);
              if (failure != null) {
                LOG.debug("Eviction is to be tried again node={}", dead, failure);
              }
            });
  }

  private CompletionStage<Void> evict(String dead, Collection<byte[]> topics) {
    if (topics.isEmpty()) {
      return node.commands()
          .submit(
              (pipeline, again) ->
                  FORGET.on(
                      pipeline,
                      List.of(node.keys().nodes()),
                      arguments(dead, WAKE.toNanos() / 1000)))
          .thenApply(forgotten -> null);
    }
    LOG.info("Node dead, taking its entries out node={} topics={}", dead, topics.size());
    byte[] index = node.keys().ofNode(dead);
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (byte[] name : topics) {
      all.add(
          evict(dead, text(name))
              .thenCompose(
                  out -> node.commands().submit((pipeline, again) -> pipeline.srem(index, name)))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }

  private CompletionStage<Void> evict(String dead, String indexed) {
    int slash = indexed.indexOf('/');
    String appId = indexed.substring(0, slash);
    String name = indexed.substring(slash + 1);
    ChannelName channel = name.isEmpty() ? null : ChannelName.ofValue(name);
    return CompletableFuture.allOf(
        node.entries().stream()
            .map(entries -> entries.evict(dead, appId, channel).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  /** Others may evict what is left from now on. */
  void end() {
    ended = true;
    byte[] mine = RedisKeys.bytes(id);
    node.commands()
        .submit((pipeline, again) -> END.on(pipeline, List.of(node.keys().nodes()), List.of(mine)));
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
