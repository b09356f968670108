package dev.carillon.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.LocalBroker;
import dev.carillon.server.broker.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When the store of a single node looks what is due. */
class StatusTimersTest {
  private static final Topic ANN = Topic.ofStatus("3", new UserId("1", false));
  private static final Topic BEN = Topic.ofStatus("3", new UserId("2", false));

  /** A timer that was set. */
  private record Set(Instant at, Runnable task) {}

  private final List<Set> timers = new ArrayList<>();
  private final AtomicInteger looks = new AtomicInteger();
  private final LocalBroker broker =
      new LocalBroker(
          new Broker.Listener() {
            @Override
            public void onMessage(Topic topic, Envelope envelope) {}

            @Override
            public void onGap(Collection<Topic> topics) {}
          });
  private Instant now = OneUser.START;
  private final LocalStatusStore store =
      new LocalStatusStore(
          broker,
          new Due(),
          () -> now,
          (delay, task) -> timers.add(new Set(now.plus(delay), task)));

  /** What is due has nothing due any more. */
  private final class Due implements StatusStore.Listener {
    @Override
    public Optional<StatusStore.Change> due(Topic user) {
      looks.incrementAndGet();
      return Optional.of(until(null));
    }

    private static StatusStore.Change until(@Nullable Instant due) {
      return (before, at) ->
          new StatusStore.Changed(UserRecord.fresh(at.now()), due, List.of(), null);
    }

    @Override
    public Optional<StatusStore.Change> died(Topic user, String deadNode) {
      return Optional.empty();
    }

    @Override
    public Optional<StatusStore.Change> back(
        Topic user, UserRecord known, boolean latest, java.util.Set<String> lives) {
      return Optional.empty();
    }

    @Override
    public void updated(Topic user, StatusStore.Changed changed) {}
  }

  private void dueIn(Topic user, long seconds) {
    store.change(user, Due.until(now.plusSeconds(seconds)), true);
  }

  /** Time passes, and timers end. */
  private void pass(long seconds) {
    now = now.plusSeconds(seconds);
    List<Set> over = timers.stream().filter(timer -> !timer.at.isAfter(now)).toList();
    timers.removeAll(over);
    over.forEach(timer -> timer.task.run());
  }

  @Test
  void whatIsDueIsLookedAtThenAndOnce() {
    dueIn(ANN, 10);
    pass(9);
    assertThat(looks).hasValue(0);
    pass(1);
    assertThat(looks).hasValue(1);
    pass(100);
    assertThat(looks).hasValue(1);
    assertThat(timers).isEmpty();
  }

  @Test
  void whatIsDueEarlierIsNotKeptWaitingByWhatIsDueLater() {
    dueIn(ANN, 100);
    dueIn(BEN, 1);
    pass(1);

    assertThat(looks).hasValue(1);
    pass(99);
    assertThat(looks).hasValue(2);
  }

  @Test
  void timersDoNotPileUp() {
    dueIn(ANN, 10_000);
    for (int i = 0; i < 1_000; i++) {
      dueIn(BEN, 1);
      pass(1);
    }

    assertThat(looks).hasValue(1_000);
    assertThat(timers).hasSizeLessThan(3);
  }

  @Test
  void moreThanIsDoneAtOnceIsDoneAtLast() {
    for (int i = 0; i < 1_200; i++) {
      dueIn(Topic.ofStatus("3", new UserId("u" + i, false)), 5);
    }
    pass(5);
    assertThat(looks).hasValueLessThan(1_200);
    pass(0);
    pass(0);

    assertThat(looks).hasValue(1_200);
    assertThat(timers).isEmpty();
  }

  @Test
  void whoIsToldOfAChangeMayMakeTheNext() {
    List<Instant> made = new ArrayList<>();
    store
        .change(ANN, Due.until(null), true)
        .thenCompose(kept -> store.change(ANN, Due.until(null), true))
        .thenAccept(kept -> made.add(now));

    assertThat(made).hasSize(1);
  }

  @Test
  void nothingIsKeptOfWhoIsForgotten() {
    dueIn(ANN, 5);
    store.change(ANN, (before, at) -> new StatusStore.Changed(null, null, List.of(), null), true);
    pass(5);

    assertThat(looks).hasValue(0);
    assertThat(store.read(List.of(ANN)).toCompletableFuture().join().records())
        .containsExactly(Optional.empty());
  }
}
