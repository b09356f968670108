package dev.carillon.server.metrics;

import dev.carillon.protocol.channel.ChannelType;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What is counted for one app. Names and meanings: docs/OPERATIONS.md, "Metrics".
 *
 * <p>Thread-safe.
 */
public final class AppMetrics {
  private final String appId;
  private final MeterRegistry registry;
  private final Map<ChannelType, LongAdder> channels;
  private final Map<ChannelType, LongAdder> subscriptions;
  private final LongAdder apiEvents;
  private final LongAdder clientEvents;
  private final LongAdder signedIn = new LongAdder();
  private final LongAdder streamingFallbacks;
  private final LongAdder pollingFallbacks;
  private final LongAdder deliveries = new LongAdder();
  private final LongAdder deliveredBytes = new LongAdder();
  private final LongAdder cacheMisses = new LongAdder();
  private final LongAdder idempotentReplays = new LongAdder();
  private final LongAdder rateLimited = new LongAdder();
  private final LongAdder heldEvents;
  private final LongAdder droppedEvents;

  AppMetrics(MeterRegistry registry, String appId) {
    this.registry = registry;
    this.appId = appId;
    this.channels = byType("carillon.channels", "Channels that have subscribers");
    this.subscriptions = byType("carillon.subscriptions", "Subscriptions");
    this.apiEvents = events("api");
    this.clientEvents = events("client");
    this.heldEvents = suppressed("hold");
    this.droppedEvents = suppressed("drop");
    Gauge.builder("carillon.signed.in.connections", signedIn, LongAdder::doubleValue)
        .description("Connections on which a user is signed in")
        .tag("app", appId)
        .register(registry);
    this.streamingFallbacks = fallbacks("xhr_streaming");
    this.pollingFallbacks = fallbacks("xhr_polling");
    FunctionCounter.builder("carillon.deliveries", deliveries, LongAdder::doubleValue)
        .description("Events written to a subscriber")
        .tag("app", appId)
        .register(registry);
    FunctionCounter.builder("carillon.delivered", deliveredBytes, LongAdder::doubleValue)
        .description("Bytes of the events written to subscribers")
        .baseUnit("bytes")
        .tag("app", appId)
        .register(registry);
    FunctionCounter.builder("carillon.cache.misses", cacheMisses, LongAdder::doubleValue)
        .description("Times that a cache channel had no event for subscribers")
        .tag("app", appId)
        .register(registry);
    FunctionCounter.builder("carillon.rate.limited.messages", rateLimited, LongAdder::doubleValue)
        .description("Messages refused because their connection sent too many")
        .tag("app", appId)
        .register(registry);
    FunctionCounter.builder(
            "carillon.idempotent.replays", idempotentReplays, LongAdder::doubleValue)
        .description("Requests answered as an earlier one with their idempotency key")
        .tag("app", appId)
        .register(registry);
  }

  private Map<ChannelType, LongAdder> byType(String name, String description) {
    Map<ChannelType, LongAdder> counts = new EnumMap<>(ChannelType.class);
    for (ChannelType type : EnumSet.complementOf(EnumSet.of(ChannelType.USER))) {
      LongAdder count = new LongAdder();
      counts.put(type, count);
      Gauge.builder(name, count, LongAdder::doubleValue)
          .description(description)
          .tags("app", appId, "type", type.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
    return counts;
  }

  private LongAdder events(String source) {
    LongAdder count = new LongAdder();
    FunctionCounter.builder("carillon.events", count, LongAdder::doubleValue)
        .description("Events taken in, each channel of it counted")
        .tags("app", appId, "source", source)
        .register(registry);
    return count;
  }

  private LongAdder suppressed(String mode) {
    LongAdder count = new LongAdder();
    FunctionCounter.builder("carillon.suppressed.events", count, LongAdder::doubleValue)
        .description("Events that came while their user did not want to be disturbed")
        .tags("app", appId, "mode", mode)
        .register(registry);
    return count;
  }

  private LongAdder fallbacks(String transport) {
    LongAdder count = new LongAdder();
    Gauge.builder("carillon.fallback.connections", count, LongAdder::doubleValue)
        .description("Live connections that are no WebSocket")
        .tags("app", appId, "transport", transport)
        .register(registry);
    return count;
  }

  /** A connection was opened by an HTTP fallback, one that streams or one that polls. */
  public void fallbackOpened(boolean streams) {
    (streams ? streamingFallbacks : pollingFallbacks).increment();
  }

  /** A connection by an HTTP fallback has ended. */
  public void fallbackClosed(boolean streams) {
    (streams ? streamingFallbacks : pollingFallbacks).decrement();
  }

  /** The app's live connections. */
  public void connections(AtomicInteger connections) {
    Gauge.builder("carillon.connections", connections, AtomicInteger::doubleValue)
        .description("Live connections")
        .tag("app", appId)
        .register(registry);
  }

  /** What this node's connections subscribe to for users, each key one topic. */
  public void userTopics(Map<?, ?> topics) {
    Gauge.builder("carillon.user.topics", topics, Map::size)
        .description("Users who are signed in or present, and users who are watched")
        .tag("app", appId)
        .register(registry);
  }

  public void channelOpened(ChannelType type) {
    count(channels, type).increment();
  }

  public void channelClosed(ChannelType type) {
    count(channels, type).decrement();
  }

  public void subscribed(ChannelType type) {
    count(subscriptions, type).increment();
  }

  public void unsubscribed(ChannelType type) {
    count(subscriptions, type).decrement();
  }

  /** A user has signed in on one more connection. */
  public void signedIn() {
    signedIn.increment();
  }

  /** A connection on which a user was signed in has ended. */
  public void signedOut() {
    signedIn.decrement();
  }

  private static LongAdder count(Map<ChannelType, LongAdder> counts, ChannelType type) {
    LongAdder count = counts.get(type);
    if (count == null) {
      throw new IllegalStateException("no count for " + type);
    }
    return count;
  }

  /** An event was triggered by the HTTP API, for one channel. */
  public void eventByApi() {
    apiEvents.increment();
  }

  /** An event came while its user did not want to be disturbed; it is held, or was dropped. */
  public void suppressed(boolean held) {
    (held ? heldEvents : droppedEvents).increment();
  }

  /** An event was sent by a client. */
  public void eventByClient() {
    clientEvents.increment();
  }

  /** A message was refused: its connection sent too many. */
  public void rateLimited() {
    rateLimited.increment();
  }

  /** A request was answered as an earlier one with its idempotency key. */
  public void idempotentReplay() {
    idempotentReplays.increment();
  }

  /** A frame was written to so many subscribers. */
  public void delivered(int subscribers, int frameBytes) {
    deliveries.add(subscribers);
    deliveredBytes.add((long) subscribers * frameBytes);
  }

  /** A cache channel had no event for those who subscribed. */
  public void cacheMiss() {
    cacheMisses.increment();
  }

  /**
   * A client's mistake was answered.
   *
   * @param code of the error frame; 0 where it has none
   */
  public void refused(int code) {
    registry
        .counter(
            "carillon.refusals", "app", appId, "code", code == 0 ? "none" : Integer.toString(code))
        .increment();
  }
}
