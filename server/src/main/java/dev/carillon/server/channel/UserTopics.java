package dev.carillon.server.channel;

import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.connection.Connection;
import dev.carillon.server.metrics.AppMetrics;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * One app's users on this node, by topic: what goes to a user's connections, and what goes to those
 * who watch a user. The map entry is the lock, as that of a channel in {@link Hub}; unlike a
 * channel a topic of a user is in no occupancy.
 *
 * <p>Thread-safe; connections come and go on their event loop.
 */
public final class UserTopics {
  private final String appId;
  private final Broker broker;
  private final AppMetrics metrics;
  private final ConcurrentMap<Topic, Channel> topics = new ConcurrentHashMap<>();

  UserTopics(String appId, Broker broker, AppMetrics metrics) {
    this.appId = appId;
    this.broker = broker;
    this.metrics = metrics;
    metrics.userTopics(topics);
  }

  /**
   * Adds a connection that signs in: it gets the user's events, which are held back until the
   * sign-in is acknowledged.
   */
  public Subscription signIn(Connection connection, UserId user) {
    return enter(Topic.ofUser(appId, user), connection, false);
  }

  /** Adds a connection that watches a user; changes are held back until the present is told. */
  public Subscription watch(Connection connection, UserId user) {
    return enter(Topic.ofStatus(appId, user), connection, false);
  }

  /** Adds a connection that is known as the user but not signed in: it can be terminated. */
  Subscription follow(Connection connection, UserId user) {
    return enter(Topic.ofUser(appId, user), connection, true);
  }

  private Subscription enter(Topic topic, Connection connection, boolean deaf) {
    Subscription[] added = new Subscription[1];
    topics.compute(
        topic,
        (t, existing) -> {
          Channel channel =
              existing == null ? new Channel(t, broker.subscribe(t), metrics, null) : existing;
          Subscription subscription =
              deaf
                  ? Subscription.deaf(connection, channel)
                  : Subscription.uncounted(connection, channel);
          channel.add(subscription, connection.loop());
          added[0] = subscription;
          return channel;
        });
    return added[0];
  }

  /** Takes a connection out of a topic. */
  public void leave(Connection connection, Subscription subscription) {
    subscription.end();
    topics.computeIfPresent(
        subscription.channel().topic(),
        (topic, channel) -> {
          if (!channel.remove(subscription, connection.loop())) {
            return channel;
          }
          broker.unsubscribe(topic);
          return null;
        });
  }

  /** The subscribers of that topic; none if nobody subscribed. */
  @Nullable Channel find(Topic topic) {
    return topics.get(topic);
  }
}
