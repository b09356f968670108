package dev.carillon.server.webhook;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.webhook.WebhookEvent;
import dev.carillon.server.config.WebhookKind;
import dev.carillon.server.metrics.WebhookMetrics;
import dev.carillon.server.webhook.Told.Presence;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes an app's events in: an event is accepted when it is in the log. Who leaves is waited for
 * first; whoever is back in time was never gone.
 *
 * <p>Thread-safe. The lock is held for the {@code write()} of an event, about a microsecond.
 */
final class Intake {
  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
  private static final int BATCH_EVENTS = 50;
  private static final long BATCH_MILLIS = 50;

  /** So that event loops do not wait long for the lock. */
  private static final int MAX_FIRED_AT_ONCE = 100;

  private final ReentrantLock lock = new ReentrantLock();
  private final EventLog log;
  private final List<Endpoint> endpoints;
  private final long maxBytes;
  private final long patienceNanos;
  private final InstantSource clock;
  private final ScheduledExecutorService thread;
  private final Runnable wake;
  private final WebhookMetrics metrics;

  /** Who has left, since when; the first to be told of comes first. Guarded by the lock. */
  private final Map<Presence, Long> gone = new LinkedHashMap<>();

  private boolean firing;
  private int fresh;
  private boolean failing;

  Intake(
      EventLog log,
      List<Endpoint> endpoints,
      long maxBytes,
      Duration patience,
      InstantSource clock,
      ScheduledExecutorService thread,
      Runnable wake,
      WebhookMetrics metrics) {
    this.log = log;
    this.endpoints = List.copyOf(endpoints);
    this.maxBytes = maxBytes;
    this.patienceNanos = patience.toNanos();
    this.clock = clock;
    this.thread = thread;
    this.wake = wake;
    this.metrics = metrics;
  }

  /** Who was told to be there when the process before ended: nobody is, until they are back. */
  void recover(Collection<Presence> present) {
    // Members first, as they leave before their channel is vacated.
    present.stream().filter(presence -> !presence.user().isEmpty()).forEach(this::left);
    present.stream().filter(presence -> presence.user().isEmpty()).forEach(this::left);
  }

  /** Whether anybody is told of such events on that channel. */
  boolean wants(ChannelName channel, WebhookKind kind) {
    for (Endpoint endpoint : endpoints) {
      if (endpoint.wants(kind, channel.value())) {
        return true;
      }
    }
    return false;
  }

  /** Somebody is there: news, unless they were there a moment ago. */
  void came(WebhookKind kind, Presence presence, WebhookEvent event) {
    lock.lock();
    try {
      if (gone.remove(presence) == null) {
        append(kind, presence, event);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Somebody has left: news, unless they are back in time. */
  void left(Presence presence) {
    lock.lock();
    try {
      if (patienceNanos == 0) {
        fire(presence);
        return;
      }
      if (!firing) {
        scheduleFiring(patienceNanos);
      }
      gone.putIfAbsent(presence, System.nanoTime());
    } finally {
      lock.unlock();
    }
  }

  /** Something that is news in any case. */
  void happened(WebhookKind kind, WebhookEvent event) {
    lock.lock();
    try {
      append(kind, new Presence(event.channel().value(), ""), event);
    } finally {
      lock.unlock();
    }
  }

  private void scheduleFiring(long nanos) {
    firing = true;
    thread.schedule(() -> Tasks.run(this::fireDue), nanos, TimeUnit.NANOSECONDS);
  }

  private void fireDue() {
    boolean more = true;
    while (more) {
      lock.lock();
      try {
        more = fireSomeDue();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Whether more are due. */
  private boolean fireSomeDue() {
    firing = false;
    long now = System.nanoTime();
    Iterator<Map.Entry<Presence, Long>> oldest = gone.entrySet().iterator();
    for (int fired = 0; fired < MAX_FIRED_AT_ONCE && oldest.hasNext(); fired++) {
      Map.Entry<Presence, Long> entry = oldest.next();
      long left = entry.getValue() + patienceNanos - now;
      if (left > 0) {
        scheduleFiring(left);
        return false;
      }
      oldest.remove();
      fire(entry.getKey());
    }
    return oldest.hasNext();
  }

  private void fire(Presence presence) {
    ChannelName channel = ChannelName.relaxed(presence.channel());
    if (presence.user().isEmpty()) {
      append(WebhookKind.CHANNEL_VACATED, presence, new WebhookEvent.ChannelVacated(channel));
    } else {
      UserId user = new UserId(presence.user(), false);
      append(WebhookKind.MEMBER_REMOVED, presence, new WebhookEvent.MemberRemoved(channel, user));
    }
  }

  private void append(WebhookKind kind, Presence presence, WebhookEvent event) {
    String channel = presence.channel();
    try {
      if (log.bytes() > 2 * maxBytes) {
        throw new IOException("more than twice webhook_spool_bytes wait");
      }
      log.append(new LogRecord(kind, clock.instant(), channel, presence.user(), event.toBytes()));
      failing = false;
    } catch (IOException e) {
      metrics.lost();
      if (!failing) {
        failing = true;
        LOG.error("Webhook events are LOST, they cannot be written", e);
      }
      return;
    }
    for (Endpoint endpoint : endpoints) {
      if (endpoint.wants(kind, channel)) {
        endpoint.waiting().incrementAndGet();
      }
    }
    fresh++;
    if (fresh == 1) {
      thread.schedule(this::deliver, BATCH_MILLIS, TimeUnit.MILLISECONDS);
    } else if (fresh == BATCH_EVENTS) {
      thread.execute(this::deliver);
    }
  }

  private void deliver() {
    lock.lock();
    try {
      fresh = 0;
    } finally {
      lock.unlock();
    }
    wake.run();
  }

  /** Nothing is taken in any more. */
  void close() throws IOException {
    lock.lock();
    try {
      log.close();
    } finally {
      lock.unlock();
    }
  }
}
