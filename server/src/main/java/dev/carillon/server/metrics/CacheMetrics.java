package dev.carillon.server.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What is counted for the events that cache channels keep. Names and meanings: docs/OPERATIONS.md,
 * "Metrics".
 *
 * <p>Thread-safe.
 */
public final class CacheMetrics {
  /** A limit of what is kept. */
  public enum Limit {
    EVENTS,
    BYTES
  }

  private final MeterRegistry registry;
  private final Map<Limit, LongAdder> evictions = new EnumMap<>(Limit.class);

  public CacheMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (Limit limit : Limit.values()) {
      LongAdder count = new LongAdder();
      evictions.put(limit, count);
      FunctionCounter.builder("carillon.cache.evictions", count, LongAdder::doubleValue)
          .description("Kept events that went before their time, because of a limit")
          .tag("limit", limit.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  /** How many events are kept, and what they take. */
  public void kept(AtomicLong events, AtomicLong bytes) {
    Gauge.builder("carillon.cache.events", events, AtomicLong::doubleValue)
        .description("Events that cache channels keep")
        .register(registry);
    Gauge.builder("carillon.cache.size", bytes, AtomicLong::doubleValue)
        .description("Memory of the events that cache channels keep")
        .baseUnit("bytes")
        .register(registry);
  }

  /** An event went because of that limit. */
  public void evicted(Limit limit) {
    LongAdder count = evictions.get(limit);
    if (count == null) {
      throw new IllegalStateException("no count for " + limit);
    }
    count.increment();
  }
}
