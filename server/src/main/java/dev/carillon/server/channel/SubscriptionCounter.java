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
 * pause. The count is read after the change and by one at a time, so the last that is told is the
 * right one, however many change it at the same moment.
 *
 * <p>Thread-safe.
 */
final class SubscriptionCounter {
  /** Above so many, not every change is told. */
  static final int FEW = 100;

  private static final Logger LOG = LoggerFactory.getLogger(SubscriptionCounter.class);

  private enum State {
    IDLE,
    TELLING,
    TELLING_AND_CHANGED,
    PAUSING,
    PAUSING_AND_CHANGED;

    State changed() {
      return switch (this) {
        case IDLE -> TELLING;
        case TELLING -> TELLING_AND_CHANGED;
        case PAUSING -> PAUSING_AND_CHANGED;
        case TELLING_AND_CHANGED, PAUSING_AND_CHANGED -> this;
      };
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
      tell(afterPause);
    }
  }

  private void tell(Executor afterPause) {
    occupancy
        .subscriptions(topic)
        .thenAccept(
            count -> {
              told.accept(count);
              if (count > FEW) {
                pause(afterPause);
              } else {
                again(State.TELLING, afterPause);
              }
            })
        .exceptionally(
            failure -> {
              LOG.warn("Subscriptions not counted channel={}", topic.channel(), failure);
              state.set(State.IDLE);
              return null;
            });
  }

  private void pause(Executor afterPause) {
    state.updateAndGet(now -> now == State.TELLING ? State.PAUSING : State.PAUSING_AND_CHANGED);
    try {
      afterPause.execute(() -> again(State.PAUSING, afterPause));
    } catch (RejectedExecutionException shutDown) {
      LOG.debug("No more counts, the event loop has ended", shutDown);
    }
  }

  /** Rests if nothing has changed since that state was taken, else tells once more. */
  private void again(State unchanged, Executor afterPause) {
    State before = state.getAndUpdate(now -> now == unchanged ? State.IDLE : State.TELLING);
    if (before != unchanged) {
      tell(afterPause);
    }
  }
}
