package dev.carillon.server.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * What is counted of one app's webhooks. Names and meanings: docs/OPERATIONS.md, "Metrics".
 *
 * <p>Thread-safe.
 */
public final class WebhookMetrics {
  private final MeterRegistry registry;
  private final String appId;
  private final LongAdder delivered;
  private final LongAdder dead;
  private final LongAdder lost;
  private final LongAdder failed = new LongAdder();

  WebhookMetrics(MeterRegistry registry, String appId) {
    this.registry = registry;
    this.appId = appId;
    this.delivered = events("delivered");
    this.dead = events("dead");
    this.lost = events("lost");
    FunctionCounter.builder("carillon.webhook.attempts.failed", failed, LongAdder::doubleValue)
        .description("Attempts that an endpoint did not answer with 2xx")
        .tag("app", appId)
        .register(registry);
  }

  private LongAdder events(String outcome) {
    LongAdder count = new LongAdder();
    FunctionCounter.builder("carillon.webhook.events", count, LongAdder::doubleValue)
        .description("Events, by what became of them, for each endpoint")
        .tags("app", appId, "outcome", outcome)
        .register(registry);
    return count;
  }

  /** What is asked at each scrape. */
  public void observe(LongSupplier spoolBytes, LongSupplier waitingEvents) {
    Gauge.builder("carillon.webhook.spool", spoolBytes, LongSupplier::getAsLong)
        .description("Bytes of events on disk")
        .baseUnit("bytes")
        .tag("app", appId)
        .strongReference(true)
        .register(registry);
    Gauge.builder("carillon.webhook.waiting", waitingEvents, LongSupplier::getAsLong)
        .description("Events that an endpoint has not taken yet, for each endpoint")
        .tag("app", appId)
        .strongReference(true)
        .register(registry);
  }

  /** An endpoint took so many events. */
  public void delivered(int events) {
    delivered.add(events);
  }

  /** An attempt failed. */
  public void attemptFailed() {
    failed.increment();
  }

  /** So many events were given up. */
  public void gaveUp(int events, boolean kept) {
    (kept ? dead : lost).add(events);
  }

  /** An event could not be kept. */
  public void lost() {
    lost.increment();
  }
}
