package dev.carillon.server.webhook;

import dev.carillon.server.metrics.WebhookMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one endpoint is told, in order: one delivery at a time is tried until it is taken or too
 * old; only then the next is formed. Where it stands is on disk before a delivery is tried for the
 * first time, so that another process tries the very same.
 *
 * <p>Confined to the {@code webhooks} thread.
 */
final class EndpointQueue {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointQueue.class);
  private static final int MAX_EVENTS = 50;
  private static final int MAX_BYTES = 256 * 1024;
  private static final long FIRST_RETRY_MILLIS = 1_000;
  private static final long MAX_RETRY_MILLIS = 30_000;
  private static final double JITTER = 0.25;

  private final Endpoint endpoint;
  private final EventLog log;
  private final Path file;
  private final DeadLetters deadLetters;
  private final Sender sender;
  private final ScheduledExecutorService thread;
  private final InstantSource clock;
  private final WebhookMetrics metrics;
  private final Instant started;
  private Cursor cursor;
  private long giveUpNanos;
  private int failures;
  private boolean busy;

  /**
   * Goes on where the process before ended.
   *
   * @param folder of the app
   */
  EndpointQueue(
      Endpoint endpoint,
      EventLog log,
      Path folder,
      DeadLetters deadLetters,
      Sender sender,
      ScheduledExecutorService thread,
      InstantSource clock,
      WebhookMetrics metrics)
      throws IOException {
    this.endpoint = endpoint;
    this.log = log;
    this.file = folder.resolve(endpoint.fileName());
    this.deadLetters = deadLetters;
    this.sender = sender;
    this.thread = thread;
    this.clock = clock;
    this.metrics = metrics;
    this.started = clock.instant();
    this.cursor = load();
    endpoint.waiting().set(count());
  }

  private Cursor load() throws IOException {
    if (!Files.exists(file)) {
      Cursor first = new Cursor(log.end(), null);
      first.save(file); // so that events are found that come before the first delivery
      return first;
    }
    Optional<Cursor> saved = Cursor.load(file);
    if (saved.isEmpty()) {
      LOG.warn("Webhook endpoint's place was damaged: it is told again endpoint={}", endpoint);
    }
    return saved.orElseGet(() -> new Cursor(log.start(), null));
  }

  private long count() throws IOException {
    Delivery pending = cursor.pending();
    long count = pending == null ? 0 : pending.count();
    try (LogReader reader = new LogReader(log, cursor.next())) {
      for (LogRecord next = reader.next(); next != null; next = reader.next()) {
        count += wants(next) ? 1 : 0;
      }
    }
    return count;
  }

  private boolean wants(LogRecord event) {
    return endpoint.wants(event.kind(), event.channel());
  }

  /** Before the first record that it may read yet. */
  Position position() {
    return cursor.next();
  }

  /** Whether it has told all. */
  boolean isIdle() {
    return !busy && endpoint.waiting().get() == 0;
  }

  /** Tells what is new, unless it is at it. */
  void wake() throws IOException {
    if (!busy) {
      proceed();
    }
  }

  /** Tries what is pending, or else what is new. */
  private void proceed() throws IOException {
    if (cursor.pending() == null) {
      Cursor next = take(log.end());
      if (next.pending() != null || next.next().segment() != cursor.next().segment()) {
        next.save(file);
      }
      cursor = next;
    }
    Delivery pending = cursor.pending();
    if (pending != null) {
      giveUpNanos = System.nanoTime() + timeFor(pending).toNanos();
      attempt(pending);
    }
  }

  /** The next events up to there, as a delivery if there are any, and the place behind them. */
  private Cursor take(Position end) throws IOException {
    ByteArrayOutputStream events = new ByteArrayOutputStream();
    Instant oldest = Instant.MAX;
    int count = 0;
    Position next = cursor.next();
    try (LogReader reader = new LogReader(log, next, end)) {
      while (count < MAX_EVENTS && events.size() < MAX_BYTES) {
        LogRecord event = reader.next();
        next = reader.position();
        if (event == null) {
          break;
        }
        if (wants(event)) {
          if (count++ > 0) {
            events.write(',');
          }
          events.writeBytes(event.json());
          oldest = event.time().isBefore(oldest) ? event.time() : oldest;
        }
      }
    }
    if (count == 0) {
      return new Cursor(next, null);
    }
    String id = UUID.randomUUID().toString();
    return new Cursor(next, new Delivery(id, clock.instant(), oldest, count, events.toByteArray()));
  }

  private void attempt(Delivery delivery) {
    busy = true;
    sender
        .post(endpoint, delivery)
        .whenCompleteAsync((outcome, never) -> Tasks.run(() -> settle(delivery, outcome)), thread);
  }

  private void settle(Delivery delivery, Sender.Outcome outcome) throws IOException {
    if (outcome.taken()) {
      metrics.delivered(delivery.count());
      if (failures > 0) {
        LOG.info("Webhook endpoint takes again endpoint={} attempts={}", endpoint, failures + 1);
      }
      finished(delivery);
      return;
    }
    metrics.attemptFailed();
    long leftMillis = TimeUnit.NANOSECONDS.toMillis(giveUpNanos - System.nanoTime());
    if (leftMillis <= 0 && giveUp(delivery, outcome.answer())) {
      finished(delivery);
      return;
    }
    if (failures++ == 0) {
      LOG.warn(
          "Webhook was not taken, trying again endpoint={} id={} got={}",
          endpoint,
          delivery.id(),
          outcome.answer());
    }
    long waitMillis = retryMillis();
    thread.schedule(
        () -> Tasks.run(() -> attempt(delivery)),
        leftMillis > 0 ? Math.min(waitMillis, leftMillis) : waitMillis,
        TimeUnit.MILLISECONDS);
  }

  // While the server did not run, nobody tried: that time does not count. The clock is read before
  // the first attempt only: it may be set, and nothing shall be given up early or tried for ever.
  private Duration timeFor(Delivery delivery) {
    Instant since = delivery.oldest().isBefore(started) ? started : delivery.oldest();
    Duration age = Duration.between(since, clock.instant());
    Duration whole = endpoint.config().retryFor();
    return age.isNegative() ? whole : whole.minus(age);
  }

  private long retryMillis() {
    long base = Math.min(FIRST_RETRY_MILLIS << Math.min(failures - 1, 10), MAX_RETRY_MILLIS);
    return base + (long) (base * JITTER * ThreadLocalRandom.current().nextDouble());
  }

  /**
   * Goes on to the next delivery; in one step on disk. If the disk fails, this is tried again, not
   * the delivery.
   */
  private void finished(Delivery delivery) throws IOException {
    Cursor next;
    try {
      next = take(log.end());
      next.save(file);
    } catch (IOException e) {
      LOG.error("Webhook endpoint's place cannot be saved, trying again endpoint={}", endpoint, e);
      thread.schedule(
          () -> Tasks.run(() -> finished(delivery)), MAX_RETRY_MILLIS, TimeUnit.MILLISECONDS);
      return;
    }
    cursor = next;
    busy = false;
    failures = 0;
    endpoint.waiting().addAndGet(-delivery.count());
    proceed();
  }

  /** Whether it is done with: if the disk fails, the delivery goes on being tried. */
  private boolean giveUp(Delivery delivery, String why) {
    boolean kept;
    try {
      kept = bury(delivery);
    } catch (IOException e) {
      LOG.error(
          "Webhook's dead letter cannot be written, trying again endpoint={} id={}",
          endpoint,
          delivery.id(),
          e);
      return false;
    }
    LOG.error(
        "Webhook given up, {} endpoint={} id={} events={} got={}",
        kept ? "kept as a dead letter" : "LOST: no place for more dead letters",
        endpoint,
        delivery.id(),
        delivery.count(),
        why);
    return true;
  }

  /** Whether there is place for it. */
  private boolean bury(Delivery delivery) throws IOException {
    boolean kept = deadLetters.add(delivery);
    metrics.gaveUp(delivery.count(), kept);
    return kept;
  }

  /** Makes dead letters of what is before that segment, but for the delivery that is under way. */
  void shedBefore(long segment) throws IOException {
    int events = 0;
    int lost = 0;
    while (cursor.next().segment() < segment) {
      Cursor shed = take(new Position(segment, 0));
      Delivery delivery = shed.pending();
      if (delivery != null) {
        events += delivery.count();
        lost += bury(delivery) ? 0 : delivery.count();
        endpoint.waiting().addAndGet(-delivery.count());
      }
      Position next = delivery == null ? new Position(segment, 0) : shed.next();
      cursor = new Cursor(next, cursor.pending());
    }
    cursor.save(file);
    if (events > 0) {
      LOG.error(
          "Too many webhooks wait, the oldest became dead letters endpoint={} events={} lost={}",
          endpoint,
          events,
          lost);
    }
  }
}
