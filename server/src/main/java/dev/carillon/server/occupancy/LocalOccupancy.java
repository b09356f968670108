package dev.carillon.server.occupancy;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.server.broker.Topic;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The occupancy of a single node. The map entry of a channel is its lock: what is decided under it
 * is told under it.
 *
 * <p>Thread-safe.
 */
public final class LocalOccupancy implements Occupancy {
  /** One for all: subscribing costs no object more. */
  private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  private final ConcurrentMap<Topic, Integer> counts = new ConcurrentHashMap<>();
  private final OccupancyListener listener;

  public LocalOccupancy(OccupancyListener listener) {
    this.listener = listener;
  }

  @Override
  public CompletionStage<Void> entered(Topic topic) {
    counts.compute(
        topic,
        (t, count) -> {
          if (count == null) {
            listener.channelOccupied(t);
            return 1;
          }
          return count + 1;
        });
    return DONE;
  }

  @Override
  public void left(Topic topic) {
    counts.computeIfPresent(
        topic,
        (t, count) -> {
          if (count == 1) {
            listener.channelVacated(t);
            return null;
          }
          return count - 1;
        });
  }

  @Override
  public CompletionStage<Integer> subscriptions(Topic topic) {
    return CompletableFuture.completedStage(counts.getOrDefault(topic, 0));
  }

  /** The app's channels whose name starts so, each with how many connections are subscribed. */
  public Map<ChannelName, Integer> channels(String appId, String prefix) {
    Map<ChannelName, Integer> channels = new TreeMap<>(Comparator.comparing(ChannelName::value));
    counts.forEach(
        (topic, count) -> {
          if (topic.appId().equals(appId) && topic.channel().value().startsWith(prefix)) {
            channels.put(topic.channel(), count);
          }
        });
    return channels;
  }
}
