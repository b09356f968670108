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
 * What is counted for events that wait until their user may be disturbed again. Names and meanings:
 * docs/OPERATIONS.md, "Metrics".
 *
 * <p>Thread-safe.
 */
public final class HeldMetrics {
  /** A limit of what waits. */
  public enum Limit {
    /** How many of one user. */
    USER,
    /** How many in a node's memory. */
    EVENTS,
    /** How much in a node's memory. */
    BYTES
  }

  private final MeterRegistry registry;
  private final Map<Limit, LongAdder> lost = new EnumMap<>(Limit.class);
  private final LongAdder released = new LongAdder();

  HeldMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (Limit limit : Limit.values()) {
      LongAdder count = new LongAdder();
      lost.put(limit, count);
      FunctionCounter.builder("carillon.held.lost", count, LongAdder::doubleValue)
          .description("Held events that went before their time, because of a limit")
          .tag("limit", limit.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    FunctionCounter.builder("carillon.held.released", released, LongAdder::doubleValue)
        .description("Held events that were delivered")
        .register(registry);
  }

  /** How many events wait in memory, and what they take. */
  public void kept(AtomicLong events, AtomicLong bytes) {
    Gauge.builder("carillon.held.events", events, AtomicLong::doubleValue)
        .description("Events that are held")
        .register(registry);
    Gauge.builder("carillon.held.size", bytes, AtomicLong::doubleValue)
        .description("Memory of the events that are held")
        .baseUnit("bytes")
        .register(registry);
  }

  /** So many went because of that limit. */
  public void lost(Limit limit, long events) {
    LongAdder count = lost.get(limit);
    if (count == null) {
      throw new IllegalStateException("no count for " + limit);
    }
    count.add(events);
  }

  /** So many were delivered. */
  public void released(long events) {
    released.add(events);
  }
}
