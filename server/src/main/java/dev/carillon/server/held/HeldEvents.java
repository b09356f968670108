package dev.carillon.server.held;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.CachedEvent;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Events of users' own channels that wait, in order. Each is published once: with all that wait
 * before it, and before all that come after it by {@link #publish}.
 *
 * <p>Who releases is whoever has a subscriber; nobody else does, so nothing is published to nobody.
 *
 * <p>Thread-safe.
 */
public interface HeldEvents {
  /** How many wait of one channel; beyond that the oldest goes. */
  int MAX_EVENTS = 100;

  /** For how long one waits. */
  Duration MAX_AGE = Duration.ofHours(24);

  /**
   * An event for one channel.
   *
   * @param except the connection that does not get it, whenever that is
   * @param cacheTtl for how long a cache channel keeps it once it is published; zero for others
   */
  record Event(CachedEvent content, @Nullable SocketId except, Duration cacheTtl) {}

  /** Lets an event wait, behind those that do. Completes when it was accepted. */
  CompletionStage<Void> hold(Topic topic, Event event);

  /**
   * Publishes an event, unless others wait: then it does too, behind them.
   *
   * @return completes when it was accepted, with whether it was published
   */
  CompletionStage<Boolean> publish(Topic topic, Event event);

  /** Whether events wait. */
  CompletionStage<Boolean> waiting(Topic topic);

  /** Publishes all that wait, in their order. */
  CompletionStage<Void> release(Topic topic);
}
