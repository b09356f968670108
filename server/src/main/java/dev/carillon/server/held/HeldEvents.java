package dev.carillon.server.held;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.CachedEvent;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Events of users' own channels that wait, in order. Each is published once: with all of its
 * channel that wait before it, and before all that come after it by {@link #publish}.
 *
 * <p>Who releases is whoever has a subscriber; nobody else does, so nothing is published to nobody.
 *
 * <p>Thread-safe.
 */
public interface HeldEvents {
  /** How many wait for one user; beyond that the oldest goes. */
  int MAX_EVENTS = 100;

  /** For how long one waits. */
  Duration MAX_AGE = Duration.ofHours(24);

  /**
   * An event for one channel.
   *
   * @param topic the channel, which is one of the user's own
   * @param except the connection that does not get it, whenever that is
   * @param cacheTtl for how long a cache channel keeps it once it is published; zero for others
   */
  record Event(Topic topic, CachedEvent content, @Nullable SocketId except, Duration cacheTtl) {}

  /** Lets an event wait, behind those that do. Completes when it was accepted. */
  CompletionStage<Void> hold(Inbox inbox, Event event);

  /**
   * Publishes an event, unless others of its channel wait: then it does too, behind them.
   *
   * @return completes when it was accepted, with whether it was published
   */
  CompletionStage<Boolean> publish(Inbox inbox, Event event);

  /**
   * What waits of those channels: a mark behind the last that does now; 0 if none does.
   *
   * @param of channels of the inbox
   */
  CompletionStage<Long> waiting(Inbox inbox, Set<Topic> of);

  /**
   * Publishes what waits of those channels, in order over all of them, up to a mark: what has come
   * since the mark was asked for goes on waiting, perhaps for another reason.
   *
   * @param of channels of the inbox
   */
  CompletionStage<Void> release(Inbox inbox, Set<Topic> of, long mark);
}
