package dev.carillon.server.held;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.LocalChannelCache;
import dev.carillon.server.metrics.Metrics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LocalHeldEventsTest extends HeldEventsContract {
  private static final Topic BEN = topic("3", "private-App.Models.User.7");

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // it overflows
  private final Queue<Runnable> sweeps = new ArrayDeque<>();
  private Broker publishing;

  @Override
  void open(Broker broker) {
    publishing = broker;
    open(new LocalHeldEvents.Limits(1000, 1_000_000), metrics);
  }

  private void open(LocalHeldEvents.Limits limits, Metrics counted) {
    cache =
        new LocalChannelCache(
            publishing, LocalChannelCache.Limits.STANDARD, nanos::get, task -> {}, counted.cache());
    held = new LocalHeldEvents(publishing, cache, limits, nanos::get, sweeps::add, counted.held());
  }

  @Override
  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void beyondTheNumberOfAllTheOldestOfAllGoes() throws Exception {
    Metrics counted = new Metrics();
    open(new LocalHeldEvents.Limits(3, 1_000_000), counted);
    hold(OWN, "a");
    hold(BEN, "b", "c");
    hold(OWN, "d");
    hold(OWN, "e");

    release(OWN);

    assertThat(data()).containsExactly("d", "e");
    assertThat(waits(BEN)).isTrue();
    assertThat(counted.scrape())
        .contains("carillon_held_lost_total{limit=\"events\"} 2.0")
        .contains("carillon_held_events 1.0");
  }

  @Test
  void beyondTheSizeOfAllTheOldestOfAllGoes() throws Exception {
    Metrics counted = new Metrics();
    open(new LocalHeldEvents.Limits(1000, 3000), counted);
    hold(BEN, "x".repeat(2000));
    hold(OWN, "y".repeat(2000));

    assertThat(waits(BEN)).isFalse();
    assertThat(waits(OWN)).isTrue();
    assertThat(counted.scrape()).contains("carillon_held_lost_total{limit=\"bytes\"} 1.0");

    release(OWN);

    assertThat(counted.scrape())
        .contains("carillon_held_events 0.0")
        .contains("carillon_held_size_bytes 0.0");
  }

  @Test
  void whatHasWaitedTooLongIsSweptAway() throws Exception {
    hold(OWN, "a");
    pass(Duration.ofHours(23));
    hold(OWN, "b");
    hold(BEN, "c");
    pass(Duration.ofHours(1));

    assertThat(sweeps).hasSize(1);
    sweeps.remove().run();

    assertThat(metrics.scrape()).contains("carillon_held_events 2.0");
    pass(Duration.ofHours(23));
    assertThat(sweeps).hasSize(1);
    sweeps.remove().run();
    assertThat(metrics.scrape()).contains("carillon_held_events 0.0");
    assertThat(sweeps).isEmpty();
  }
}
