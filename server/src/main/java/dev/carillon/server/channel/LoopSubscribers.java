package dev.carillon.server.channel;

import dev.carillon.server.broker.Envelope;
import dev.carillon.server.connection.Frames;
import dev.carillon.server.metrics.AppMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
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
    if (envelope.kind() == Envelope.Kind.TERMINATE) {
      terminate();
      return;
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
