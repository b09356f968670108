package dev.carillon.server.channel;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.metrics.AppMetrics;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One channel on this node, or one topic of a user: its subscribers, grouped by event loop.
 *
 * <p>Changed under its map entry in {@link Hub} or {@link UserTopics} by the subscriber's loop;
 * {@link #broadcast} may be called by anybody.
 */
public final class Channel {
  private final Topic topic;
  private final CompletionStage<Void> ready;
  private final AppMetrics metrics;
  private final @Nullable SubscriptionCounter counter;
  private volatile LoopSubscribers[] groups = {};
  private int count;

  Channel(
      Topic topic,
      CompletionStage<Void> ready,
      AppMetrics metrics,
      @Nullable SubscriptionCounter counter) {
    this.topic = topic;
    this.ready = ready;
    this.metrics = metrics;
    this.counter = counter;
  }

  public ChannelName name() {
    return topic.channel();
  }

  /** What is published for this channel goes to. */
  public Topic topic() {
    return topic;
  }

  /** Completes when what is published arrives here. */
  public CompletionStage<Void> ready() {
    return ready;
  }

  /** Tells its subscribers how many they are, where the app wants that. */
  @Nullable SubscriptionCounter counter() {
    return counter;
  }

  void add(Subscription subscription, EventLoop loop) {
    group(loop).add(subscription);
    count++;
  }

  /** Takes a subscription out; whether it was the last. */
  boolean remove(Subscription subscription, EventLoop loop) {
    group(loop).remove(subscription);
    count--;
    return count == 0;
  }

  private LoopSubscribers group(EventLoop loop) {
    LoopSubscribers[] existing = groups;
    for (LoopSubscribers group : existing) {
      if (group.loop() == loop) {
        return group;
      }
    }
    LoopSubscribers added = new LoopSubscribers(loop, metrics);
    LoopSubscribers[] all = Arrays.copyOf(existing, existing.length + 1);
    all[existing.length] = added;
    groups = all;
    return added;
  }

  /** Its subscribers by loop, as they are now. */
  List<LoopSubscribers> groups() {
    return List.of(groups);
  }

  /** Runs something on a loop of its subscribers, not before this returns to that loop. */
  void later(Runnable task) {
    groups[0].later(Duration.ZERO, task);
  }

  /** Completes with whether somebody is there to whom a message would be handed at once. */
  CompletionStage<Boolean> isHeard() {
    CompletionStage<Boolean> any = CompletableFuture.completedStage(false);
    for (LoopSubscribers group : groups) {
      any = any.thenCombine(group.isHeard(), Boolean::logicalOr);
    }
    return any;
  }

  void broadcast(Envelope envelope) {
    for (LoopSubscribers group : groups) {
      group.broadcast(envelope);
    }
  }
}
