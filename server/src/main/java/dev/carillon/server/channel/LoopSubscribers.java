package dev.carillon.server.channel;

import dev.carillon.server.broker.Envelope;
import dev.carillon.server.connection.Frames;
import dev.carillon.server.metrics.AppMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel's subscribers on one event loop. A broadcast is one task, which makes one frame for all
 * of them.
 *
 * <p>Confined to the event loop, but for {@link #broadcast}, which anybody calls.
 */
final class LoopSubscribers {
  private static final Logger LOG = LoggerFactory.getLogger(LoopSubscribers.class);

  private final EventLoop loop;
  private final AppMetrics metrics;
  private @Nullable Subscription[] subscriptions = new Subscription[4];
  private volatile int size;
  private long lastChange;
  private long lastEvent;

  LoopSubscribers(EventLoop loop, AppMetrics metrics) {
    this.loop = loop;
    this.metrics = metrics;
  }

  EventLoop loop() {
    return loop;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by the loop alone
  void add(Subscription subscription) {
    if (size == subscriptions.length) {
      subscriptions = Arrays.copyOf(subscriptions, size * 2);
    }
    subscription.slot(size);
    subscriptions[size] = subscription;
    size++;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by the loop alone
  void remove(Subscription subscription) {
    int last = size - 1;
    Subscription moved = subscriptions[last];
    subscriptions[subscription.slot()] = moved;
    if (moved != null) {
      moved.slot(subscription.slot());
    }
    subscriptions[last] = null;
    size = last;
  }

  /** Delivers on the loop, in the order of the calls. */
  void broadcast(Envelope envelope) {
    // A loop that is shutting down has nobody left to deliver to.
    if (size > 0 && !loop.isShuttingDown()) {
      try {
        loop.execute(() -> deliver(envelope));
      } catch (RejectedExecutionException shutDownMeanwhile) {
        LOG.debug("Not delivered, the event loop has ended", shutDownMeanwhile);
      }
    }
  }

  private void deliver(Envelope envelope) {
    int count = size;
    if (count == 0) {
      return;
    }
    switch (envelope.kind()) {
      case CHANGE -> lastChange = envelope.sequence();
      case CACHED, STATUS -> lastEvent = envelope.sequence();
      case TERMINATE -> {
        terminate();
        return;
      }
      case MESSAGE -> {
        // has no number
      }
      case RELEASE -> {
        return; // is no message; what it means, the hub has seen to
      }
    }
    ByteBuf frame = Frames.text(ByteBufAllocator.DEFAULT, envelope.message());
    try {
      int delivered = 0;
      for (int i = 0; i < count; i++) {
        Subscription subscription = subscriptions[i];
        if (subscription != null && subscription.deliver(envelope, frame)) {
          delivered++;
        }
      }
      metrics.delivered(delivered, frame.readableBytes());
    } finally {
      frame.release();
    }
  }

  /**
   * Something may have been missed, in the order of the broadcasts.
   *
   * @param acknowledged called on the loop for each that is not acknowledged, when it is
   */
  void missed(Runnable acknowledged) {
    onLoop(
        () -> {
          forEach(subscription -> subscription.missed(lastChange, lastEvent, acknowledged));
          // From now on each of them knows by itself how far it has been told.
          lastChange = 0;
          lastEvent = 0;
        });
  }

  /** Completes with whether somebody is there to whom a message would be handed at once. */
  CompletionStage<Boolean> isHeard() {
    AtomicBoolean heard = new AtomicBoolean();
    return onLoop(
            () ->
                heard.set(Arrays.stream(subscriptions, 0, size).anyMatch(LoopSubscribers::listens)))
        .thenApply(done -> heard.get());
  }

  private static boolean listens(@Nullable Subscription subscription) {
    return subscription != null && subscription.listens();
  }

  /** All that are live hold back; completes when they do. */
  CompletableFuture<Void> pause() {
    return onLoop(() -> forEach(Subscription::pause));
  }

  /** Those that hold back though they are live are told what they do not know, and go on. */
  CompletableFuture<Void> resume(Resync.Present present) {
    return onLoop(
        () -> {
          tell(present.state(), Position::change);
          tell(present.event(), Position::event);
          forEach(subscription -> resume(subscription, present));
        });
  }

  private void tell(Resync.@Nullable Part part, ToLongFunction<Position> known) {
    Supplier<byte[]> message = part == null ? null : part.message();
    if (part == null || message == null) {
      return;
    }
    List<Subscription> behind = new ArrayList<>();
    forEach(
        subscription -> {
          if (subscription.paused()
              && (part.whole() || part.sequence() > known.applyAsLong(subscription.position()))) {
            behind.add(subscription);
          }
        });
    if (behind.isEmpty()) {
      return;
    }
    ByteBuf frame = Frames.text(ByteBufAllocator.DEFAULT, message.get());
    try {
      behind.forEach(subscription -> subscription.write(frame));
    } finally {
      frame.release();
    }
  }

  private static void resume(Subscription subscription, Resync.Present present) {
    if (subscription.paused()) {
      subscription.resume(present.reached(subscription.position()));
    }
  }

  void forEach(Consumer<Subscription> action) {
    for (int i = size - 1; i >= 0; i--) {
      Subscription subscription = subscriptions[i];
      if (subscription != null) {
        action.accept(subscription);
      }
    }
  }

  /** Runs something later, unless the loop has ended then. */
  void later(Duration delay, Runnable task) {
    try {
      loop.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException shutDownMeanwhile) {
      LOG.debug("Not done later, the event loop has ended", shutDownMeanwhile);
    }
  }

  /** A loop that has ended has done it: nobody is left on it. */
  CompletableFuture<Void> onLoop(Runnable task) {
    try {
      return CompletableFuture.runAsync(task, loop);
    } catch (RejectedExecutionException shutDownMeanwhile) {
      LOG.debug("Not held back, the event loop has ended", shutDownMeanwhile);
      return CompletableFuture.completedFuture(null);
    }
  }

  private void terminate() {
    // Backwards: one that is taken out meanwhile is replaced by the last, which has had its turn.
    for (int i = size - 1; i >= 0; i--) {
      Subscription subscription = subscriptions[i];
      if (subscription != null) {
        subscription.terminate();
      }
    }
  }
}
