package dev.carillon.server.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * All that is counted, for Prometheus. Names and meanings: docs/OPERATIONS.md, "Metrics".
 *
 * <p>Thread-safe.
 */
public final class Metrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final LongAdder handshakes = new LongAdder();
  private final LongAdder slowConsumers = new LongAdder();
  private final LongAdder idempotencyKeys = new LongAdder();
  private final LongAdder idempotencyKeysForgotten = new LongAdder();
  private final AtomicLong loopLagNanos = new AtomicLong();
  private final JvmGcMetrics gc = new JvmGcMetrics();

  public Metrics() {
    FunctionCounter.builder("carillon.handshakes", handshakes, LongAdder::doubleValue)
        .description("Connections let in")
        .register(registry);
    FunctionCounter.builder("carillon.slow.consumers", slowConsumers, LongAdder::doubleValue)
        .description("Connections closed because more than max_outbound_bytes waited for them")
        .register(registry);
    Gauge.builder("carillon.idempotency.keys", idempotencyKeys, LongAdder::doubleValue)
        .description("Requests whose answers are remembered")
        .register(registry);
    FunctionCounter.builder(
            "carillon.idempotency.keys.forgotten", idempotencyKeysForgotten, LongAdder::doubleValue)
        .description("Requests forgotten before their time, since too many came after them")
        .register(registry);
    Gauge.builder("carillon.event.loop.lag", loopLagNanos, nanos -> nanos.getAndSet(0) / 1e9)
        .description("How late the latest of all event loops was, since the last scrape")
        .baseUnit("seconds")
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
    if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider allocator) {
      new NettyAllocatorMetrics(allocator).bindTo(registry);
    }
  }

  /** The counts of one app. */
  public AppMetrics app(String appId) {
    return new AppMetrics(registry, appId);
  }

  /** The counts of what cache channels keep. */
  public CacheMetrics cache() {
    return new CacheMetrics(registry);
  }

  /** The counts of this node's connections to Redis. */
  public RedisMetrics redis() {
    return new RedisMetrics(registry);
  }

  /** The counts of what waits until its user may be disturbed. */
  public HeldMetrics held() {
    return new HeldMetrics(registry);
  }

  /** The counts of one app's webhooks. */
  public WebhookMetrics webhooks(String appId) {
    return new WebhookMetrics(registry, appId);
  }

  /** A connection was closed because its client does not read. */
  public void slowConsumer() {
    slowConsumers.increment();
  }

  /** So many requests more, or less, are remembered by their idempotency keys. */
  public void idempotencyKeys(int change) {
    idempotencyKeys.add(change);
  }

  /** A request was forgotten before its time, and would be done again. */
  public void idempotencyKeyForgotten() {
    idempotencyKeysForgotten.increment();
  }

  /** An address was refused by that limit. */
  public void addressRefused(String limit) {
    registry.counter("carillon.address.refusals", "limit", limit).increment();
  }

  /** A connection was let in. */
  public void handshake() {
    handshakes.increment();
  }

  /** How many connections were let in so far. */
  public long handshakes() {
    return handshakes.sum();
  }

  /** A handshake was refused with that code. */
  public void handshakeRefused(int code) {
    registry.counter("carillon.handshakes.refused", "code", Integer.toString(code)).increment();
  }

  /** An event loop ran a timer so much later than it was due. */
  public void loopLag(long nanos) {
    loopLagNanos.accumulateAndGet(nanos, Math::max);
  }

  /** All of it, in Prometheus' text format. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
