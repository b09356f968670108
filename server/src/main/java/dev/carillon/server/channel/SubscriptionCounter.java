package dev.carillon.server.channel;

import dev.carillon.server.broker.Topic;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.occupancy.Occupancy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how many are subscribed to one channel: at each change, or, while they are many or change
 * without end, once in a pause. What was told is compared with the count afterwards: so the last
 * that is told is right, however many change it at the same moment, here or in a counter that the
 * channel had before.
 *
 * <p>Thread-safe.
 */
final class SubscriptionCounter {
  /** Above so many, not every change is told. */
  static final int FEW = 100;

  /**
   * After so many counts that another loop has changed meanwhile there is a pause too: whoever
   * comes and goes without end must not keep this loop from its other connections.
   */
  private static final int ROUNDS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(SubscriptionCounter.class);

  /** Less than any count: nothing was told yet. */
  private static final int NOTHING = -1;

  private enum State {
    IDLE,
    TELLING,
    TELLING_AND_CHANGED,
    /** The count is read at its end, so changes need not be noted. */
    PAUSING;

    State changed() {
      return switch (this) {
        case IDLE -> TELLING;
        case TELLING -> TELLING_AND_CHANGED;
        case TELLING_AND_CHANGED, PAUSING -> this;
      };
    }

    State told() {
      return this == TELLING ? IDLE : TELLING;
    }
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
  private final Topic topic;
  private final Occupancy occupancy;
  private final IntConsumer told;
  private final Executor afterPause;

  /** Written by the one that tells. */
  private volatile boolean failing;

  /**
   * A counter for that topic.
   *
   * @param told called with each count that subscribers shall know, one call at a time
   * @param afterPause runs what it is given when the pause between two counts is over
   */
  SubscriptionCounter(Topic topic, Occupancy occupancy, IntConsumer told, Executor afterPause) {
    this.topic = topic;
    this.occupancy = occupancy;
    this.told = told;
    this.afterPause = afterPause;
  }

  /** Tells the count with that one, when it is known, and what is published arrives here. */
  static void added(Subscription subscription) {
    Channel channel = subscription.channel();
    if (channel.counter() == null) {
      return;
    }
    CompletableFuture<Void> counted = subscription.counted().toCompletableFuture();
    CompletableFuture<Void> ready = channel.ready().toCompletableFuture();
    if (counted.isDone() && ready.isDone()) {
      changed(channel);
    } else {
      CompletableFuture.allOf(counted, ready).thenRun(() -> changed(channel));
    }
  }

  /** Not under the map entry: what is published there would not find the channel yet. */
  static void changed(Channel channel) {
    SubscriptionCounter counter = channel.counter();
    if (counter != null) {
      counter.changed();
    }
  }

  /** Somebody came or went, which the occupancy knows already. */
  void changed() {
    if (state.getAndUpdate(State::changed) == State.IDLE) {
      tell(NOTHING);
    }
  }

  /** A loop, where the occupancy answers at once: calls within calls would fill the stack. */
  private void tell(int last) {
    try {
      int known = last;
      for (int round = 1; round <= ROUNDS; round++) {
        CompletableFuture<Integer> answer = occupancy.subscriptions(topic).toCompletableFuture();
        if (!answer.isDone()) {
          tellLater(answer, known);
          return;
        }
        int count = answer.getNow(NOTHING);
        if (!goesOn(count, known)) {
          return;
        }
        known = count;
      }
      pause(known);
    } catch (RuntimeException failure) {
      failed(failure);
    }
  }

  private void tellLater(CompletableFuture<Integer> answer, int last) {
    answer
        .thenAccept(
            count -> {
              if (goesOn(count, last)) {
                tell(count);
              }
            })
        .exceptionally(
            failure -> {
              failed(failure);
              return null;
            });
  }

  /** Tells that count if it is news; whether it has to be read again now. */
  private boolean goesOn(int count, int last) {
    failing = false;
    if (count == last) {
      return state.getAndUpdate(State::told) == State.TELLING_AND_CHANGED;
    }
    told.accept(count);
    if (count > FEW) {
      pause(count);
      return false;
    }
    return true;
  }

  private void failed(Throwable failure) {
    UnavailableException unavailable = UnavailableException.in(failure);
    if (unavailable == null) {
      LOG.warn("Subscriptions not counted channel={}", topic.channel(), failure);
      state.set(State.IDLE);
      return;
    }
    if (!failing) {
      failing = true;
      LOG.warn("Subscriptions not counted yet channel={}: {}", topic.channel(), unavailable.text());
    }
    pause(NOTHING);
  }

  private void pause(int last) {
    state.set(State.PAUSING);
    afterPause.execute(
        () -> {
          state.set(State.TELLING);
          tell(last);
        });
  }
}
