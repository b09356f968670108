package dev.carillon.server.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.broker.Broker;
import dev.carillon.server.metrics.CacheMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LocalChannelCacheTest extends ChannelCacheContract {
  private static final int EVENT_BYTES = 1_000;
  private static final int MAX_EVENTS = 3;
  private static final int MAX_BYTES = 10_000;

  /** Shortly before the nanoseconds overflow. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000);

  private final Queue<Runnable> sweeps = new ConcurrentLinkedQueue<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Override
  ChannelCache cache(Broker broker) {
    return new LocalChannelCache(
        broker,
        new LocalChannelCache.Limits(MAX_EVENTS, MAX_BYTES),
        nanos::get,
        sweeps::add,
        new CacheMetrics(registry));
  }

  @Override
  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void theOldestEventGoesWhenThereAreTooMany() throws Exception {
    for (int i = 0; i < MAX_EVENTS; i++) {
      publish(topic("3", "cache-" + i), "x");
    }
    publish(topic("3", "cache-0"), "newer");
    publish(topic("3", "cache-more"), "x");

    assertThat(kept(topic("3", "cache-1"))).isEqualTo("nothing");
    assertThat(kept(topic("3", "cache-0"))).contains("newer");
    assertThat(gauge("carillon.cache.events")).isEqualTo(MAX_EVENTS);
    assertThat(evicted("events")).isEqualTo(1);
    assertThat(evicted("bytes")).isZero();
  }

  @Test
  void theOldestEventsGoWhenTheyTakeTooMuch() throws Exception {
    publish(topic("3", "cache-0"), "x".repeat(4 * EVENT_BYTES));
    publish(topic("3", "cache-1"), "x".repeat(EVENT_BYTES));
    publish(topic("3", "cache-2"), "x".repeat(6 * EVENT_BYTES));

    assertThat(kept(topic("3", "cache-0"))).isEqualTo("nothing");
    assertThat(kept(topic("3", "cache-1"))).contains("xxx");
    assertThat(gauge("carillon.cache.size")).isBetween(7_000.0, (double) MAX_BYTES);
    assertThat(evicted("bytes")).isEqualTo(1);
  }

  @Test
  void anEventThatIsLargerThanAllIsDeliveredButNotKept() throws Exception {
    publish(NEWS, "x".repeat(MAX_BYTES));

    assertThat(kept(NEWS)).isEqualTo("nothing");
    assertThat(published()).hasSize(1);
    assertThat(gauge("carillon.cache.size")).isZero();
  }

  @Test
  void anotherEventInTheSameChannelTakesNoMore() throws Exception {
    publish(NEWS, "x");
    double size = gauge("carillon.cache.size");
    for (int i = 0; i < 100; i++) {
      publish(NEWS, "y");
    }

    assertThat(gauge("carillon.cache.size")).isEqualTo(size);
    assertThat(gauge("carillon.cache.events")).isEqualTo(1);
    assertThat(evicted("events")).isZero();
  }

  @Test
  void whatHasExpiredIsSweptAwayWithoutBeingAskedFor() throws Exception {
    publish(NEWS, "x");
    now(cache.missed(NEWS));
    sweep();
    assertThat(gauge("carillon.cache.events")).isEqualTo(1);

    pass(TTL);
    sweep();

    assertThat(gauge("carillon.cache.events")).isZero();
    assertThat(gauge("carillon.cache.size")).isZero();
    assertThat(evicted("events") + evicted("bytes")).isZero();
  }

  @Test
  void nothingIsSweptWhereNothingIs() throws Exception {
    assertThat(sweeps).isEmpty();
    publish(NEWS, "x");
    publish(NEWS, "y");
    assertThat(sweeps).hasSize(1);

    pass(TTL);
    sweep();
    assertThat(sweeps).isEmpty();

    publish(NEWS, "z");
    assertThat(sweeps).hasSize(1);
  }

  @Test
  void missesAreForgottenToo() throws Exception {
    now(cache.missed(NEWS));
    pass(LocalChannelCache.BURST);

    sweep();

    assertThat(sweeps).isEmpty();
  }

  private void sweep() {
    Runnable sweep = sweeps.remove();
    sweep.run();
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private double evicted(String limit) {
    return registry.get("carillon.cache.evictions").tag("limit", limit).functionCounter().count();
  }
}
