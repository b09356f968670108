package dev.carillon.server.redis;

import dev.carillon.protocol.channel.ChannelName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes out what dead nodes have left. Several nodes may do so at once: each change is made by one
 * of them, and told by that one.
 *
 * <p>Thread-safe.
 */
final class Evictions {
  private static final Logger LOG = LoggerFactory.getLogger(Evictions.class);

  private static final Script FORGET = Script.load("forget.lua");

  /** How long a dead node is looked for what it may still have written when it was paused. */
  private static final Duration WAKE = Duration.ofSeconds(60);

  private final RedisNode node;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  Evictions(RedisNode node) {
    this.node = node;
  }

  /** A node's lease is over; called again and again, until nothing is left of it. */
  void of(String dead) {
    if (!underWay.add(dead)) {
      return;
    }
    byte[] index = node.keys().ofNode(dead);
    node.commands()
        .submit((pipeline, again) -> pipeline.smembers(index))
        .thenCompose(topics -> topics.isEmpty() ? forget(dead) : of(dead, topics))
        .whenComplete(
            (done, failure) -> {
              underWay.remove(dead);
              if (failure != null) {
                LOG.debug("Eviction is to be tried again node={}", dead, failure);
              }
            });
  }

  private CompletionStage<Void> forget(String dead) {
    List<byte[]> arguments = NodeLease.arguments(dead, WAKE.toNanos() / 1000);
    return node.commands()
        .submit((pipeline, again) -> FORGET.on(pipeline, List.of(node.keys().nodes()), arguments))
        .thenApply(forgotten -> null);
  }

  private CompletionStage<Void> of(String dead, Collection<byte[]> topics) {
    LOG.info("Node dead, taking its entries out node={} topics={}", dead, topics.size());
    byte[] index = node.keys().ofNode(dead);
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (byte[] name : topics) {
      all.add(
          of(dead, NodeLease.text(name))
              .thenCompose(
                  out -> node.commands().submit((pipeline, again) -> pipeline.srem(index, name)))
              .thenAccept(first -> node.metrics().evicted())
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }

  private CompletionStage<Void> of(String dead, String indexed) {
    int slash = indexed.indexOf('/');
    String appId = indexed.substring(0, slash);
    String name = indexed.substring(slash + 1);
    ChannelName channel = name.isEmpty() ? null : ChannelName.ofValue(name);
    return CompletableFuture.allOf(
        node.ports().entries().stream()
            .map(entries -> entries.evict(dead, appId, channel).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }
}
