package dev.carillon.server.broker;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The broker of a single node: publishing calls the listener. It does so under the topic's map
 * entry, so that two publishers on two event loops cannot be seen in two orders.
 *
 * <p>Thread-safe.
 */
public final class LocalBroker implements Broker {
  private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  private final ConcurrentMap<Topic, Listener> topics = new ConcurrentHashMap<>();
  private final Listener listener;

  public LocalBroker(Listener listener) {
    this.listener = listener;
  }

  @Override
  public CompletionStage<Void> subscribe(Topic topic) {
    topics.put(topic, listener);
    return DONE;
  }

  @Override
  public void unsubscribe(Topic topic) {
    topics.remove(topic);
  }

  @Override
  public CompletionStage<Void> publish(Topic topic, Envelope envelope) {
    topics.computeIfPresent(
        topic,
        (t, subscribed) -> {
          subscribed.onMessage(t, envelope);
          return subscribed;
        });
    return DONE;
  }
}
