package dev.carillon.server.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;

/**
 * What is counted of a node's connections to Redis. Names and meanings: docs/OPERATIONS.md,
 * "Metrics".
 *
 * <p>Thread-safe.
 */
public final class RedisMetrics {
  /** What a connection is for. */
  public enum Purpose {
    COMMANDS,
    SUBSCRIPTIONS
  }

  private final MeterRegistry registry;
  private final Timer roundTrips;
  private final LongAdder commands;
  private final LongAdder publishes;
  private final LongAdder messages;
  private final LongAdder evictions;
  private final Map<Purpose, LongAdder> reconnects = new EnumMap<>(Purpose.class);

  public RedisMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.roundTrips =
        Timer.builder("carillon.redis.round.trip")
            .description("Time from sending commands to the last of their answers")
            .register(registry);
    this.commands = counter("carillon.redis.commands", "Commands sent");
    this.publishes = counter("carillon.redis.publishes", "Events published, each channel counted");
    this.messages = counter("carillon.redis.messages", "Messages received from pub/sub");
    this.evictions =
        counter(
            "carillon.redis.evictions", "Topics from which entries of dead nodes were taken out");
    for (Purpose purpose : Purpose.values()) {
      LongAdder count = new LongAdder();
      reconnects.put(purpose, count);
      FunctionCounter.builder("carillon.redis.reconnects", count, LongAdder::doubleValue)
          .description("Connections made anew because one was lost")
          .tag("purpose", purpose.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }

  private LongAdder counter(String name, String description) {
    LongAdder count = new LongAdder();
    FunctionCounter.builder(name, count, LongAdder::doubleValue)
        .description(description)
        .register(registry);
    return count;
  }

  /** What is asked at each scrape. */
  public void observe(BooleanSupplier connected, IntSupplier waiting, IntSupplier topics) {
    Gauge.builder("carillon.redis.connected", connected, now -> now.getAsBoolean() ? 1 : 0)
        .description("Whether what nodes share can be reached")
        .strongReference(true)
        .register(registry);
    Gauge.builder("carillon.redis.commands.waiting", waiting, IntSupplier::getAsInt)
        .description("Commands that are not answered yet")
        .strongReference(true)
        .register(registry);
    Gauge.builder("carillon.redis.topics", topics, IntSupplier::getAsInt)
        .description("Topics that this node is subscribed to")
        .strongReference(true)
        .register(registry);
  }

  /** How many events cache channels keep, of all nodes. */
  public void cachedEvents(DoubleSupplier count) {
    Gauge.builder("carillon.cache.events", count, DoubleSupplier::getAsDouble)
        .description("Events that cache channels keep")
        .strongReference(true)
        .register(registry);
  }

  /** A command was sent. */
  public void sent() {
    commands.increment();
  }

  /** All of a server's answers have come so long after its commands were sent. */
  public void answered(long nanos) {
    roundTrips.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Redis has taken an event. */
  public void published() {
    publishes.increment();
  }

  /** A message has come from pub/sub. */
  public void received() {
    messages.increment();
  }

  /** What a dead node had in a topic is out. */
  public void evicted() {
    evictions.increment();
  }

  /** A connection was made in place of a lost one. */
  public void reconnected(Purpose purpose) {
    LongAdder count = reconnects.get(purpose);
    if (count == null) {
      throw new IllegalStateException("no count for " + purpose);
    }
    count.increment();
  }
}
