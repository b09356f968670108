package dev.carillon.server.cache;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.server.broker.Topic;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The last event of each cache channel. Keeping and publishing are one step, in one order per
 * topic, and each event has a sequence number that is higher than those before: so who subscribes
 * to a topic first and reads the last event then can tell what of the published it has already.
 *
 * <p>Thread-safe.
 */
public interface ChannelCache {
  /**
   * What a subscriber is told.
   *
   * @param event the last one; {@code null} if none is kept
   * @param sequence of that event; 0 without one
   * @param ttl how much longer it is kept
   */
  record Last(@Nullable CachedEvent event, long sequence, Duration ttl) {
    /** Nothing is kept. */
    public static final Last NONE = new Last(null, 0, Duration.ZERO);
  }

  /**
   * Keeps an event in place of the one before, and publishes it.
   *
   * @param ttl for how long it is kept
   * @param except the connection that does not get it now; it may get it when it subscribes again
   * @return completes when the event was accepted, or exceptionally when it will not be delivered
   */
  CompletionStage<Void> publish(
      Topic topic, CachedEvent event, Duration ttl, @Nullable SocketId except);

  /** The event that is kept. */
  CompletionStage<Last> last(Topic topic);

  /**
   * A subscriber found nothing. Completes with whether that is news: of subscribers who come within
   * some seconds only the first one's miss is, until an event is published.
   */
  CompletionStage<Boolean> missed(Topic topic);
}
