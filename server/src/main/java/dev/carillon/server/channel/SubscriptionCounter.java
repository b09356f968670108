package dev.carillon.server.channel;

import dev.carillon.server.broker.Topic;
import dev.carillon.server.occupancy.Occupancy;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how many are subscribed to one channel: at each change, or, while they are many, once in a
 * pause. What was told is compared with the count afterwards: so the last that is told is right,
 * however many change it at the same moment, here or in a counter that the channel had before.
 *
 * <p>Thread-safe.
 */
final class SubscriptionCounter {
  /** Above so many, not every change is told. */
  static final int FEW = 100;

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

  /**
   * A counter for that topic.
   *
   * @param told called with each count that subscribers shall know, one call at a time
   */
  SubscriptionCounter(Topic topic, Occupancy occupancy, IntConsumer told) {
    this.topic = topic;
    this.occupancy = occupancy;
    this.told = told;
  }

  /**
   * Somebody came or went, which the occupancy knows already.
   *
   * @param afterPause runs what it is given when the pause between two counts is over
   */
  void changed(Executor afterPause) {
    if (state.getAndUpdate(State::changed) == State.IDLE) {
      tell(NOTHING, afterPause);
    }
  }

  private void tell(int last, Executor afterPause) {
    occupancy
        .subscriptions(topic)
        .thenAccept(count -> tell(count, last, afterPause))
        .exceptionally(
            failure -> {
              LOG.warn("Subscriptions not counted channel={}", topic.channel(), failure);
              state.set(State.IDLE);
              return null;
            });
  }

  private void tell(int count, int last, Executor afterPause) {
    if (count == last) {
      if (state.getAndUpdate(State::told) == State.TELLING_AND_CHANGED) {
        tell(last, afterPause);
      }
      return;
    }
    told.accept(count);
    if (count > FEW) {
      pause(count, afterPause);
    } else {
      tell(count, afterPause);
    }
  }

  private void pause(int last, Executor afterPause) {
    state.set(State.PAUSING);
    try {
      afterPause.execute(
          () -> {
            state.set(State.TELLING);
            tell(last, afterPause);
          });
    } catch (RejectedExecutionException shutDown) {
      LOG.debug("No more counts, the event loop has ended", shutDown);
    }
  }
}
