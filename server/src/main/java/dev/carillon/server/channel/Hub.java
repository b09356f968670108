package dev.carillon.server.channel;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.server.app.App;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.connection.Connection;
import dev.carillon.server.metrics.AppMetrics;
import dev.carillon.server.occupancy.Occupancy;
import dev.carillon.server.presence.Presence;
import dev.carillon.server.webhook.AppWebhooks;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One app's channels on this node. The map entry of a channel is its lock: opening, counting and
 * closing a channel and the broker's subscribe and unsubscribe happen under it, so they cannot
 * overtake one another.
 *
 * <p>Thread-safe; subscribe and unsubscribe are called on the connection's event loop.
 */
public final class Hub {
  private final App app;
  private final Broker broker;
  private final Presence presence;
  private final Occupancy occupancy;
  private final AppMetrics metrics;
  private final AppWebhooks webhooks;
  private final ConcurrentMap<ChannelName, Channel> channels = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();

  public Hub(
      App app,
      Broker broker,
      Presence presence,
      Occupancy occupancy,
      AppMetrics metrics,
      AppWebhooks webhooks) {
    this.app = app;
    this.broker = broker;
    this.presence = presence;
    this.occupancy = occupancy;
    this.metrics = metrics;
    this.webhooks = webhooks;
    metrics.connections(connections);
  }

  public App app() {
    return app;
  }

  public Presence presence() {
    return presence;
  }

  public Occupancy occupancy() {
    return occupancy;
  }

  public AppMetrics metrics() {
    return metrics;
  }

  public AppWebhooks webhooks() {
    return webhooks;
  }

  /** How many connections the app has. */
  public int connections() {
    return connections.get();
  }

  /** Counts a connection in; whether the app may have one more. */
  public boolean connect() {
    int max = app.maxConnections() == 0 ? Integer.MAX_VALUE : app.maxConnections();
    return connections.getAndUpdate(count -> count < max ? count + 1 : count) < max;
  }

  /** Counts a connection out. */
  public void disconnect() {
    connections.decrementAndGet();
  }

  /** Adds a connection to a channel; it holds back what arrives until it is acknowledged. */
  public Subscription subscribe(Connection connection, ChannelName name, @Nullable Member member) {
    Subscription[] added = new Subscription[1];
    channels.compute(
        name,
        (n, existing) -> {
          Channel channel = existing == null ? open(n) : existing;
          Subscription subscription = new Subscription(connection, channel, member);
          channel.add(subscription, connection.loop());
          occupancy.entered(channel.topic());
          added[0] = subscription;
          return channel;
        });
    metrics.subscribed(name.type());
    return added[0];
  }

  private Channel open(ChannelName name) {
    Topic topic = topic(name);
    metrics.channelOpened(name.type());
    webhooks.channelOccupied(name);
    return new Channel(topic, broker.subscribe(topic), metrics);
  }

  /**
   * Takes a connection out of a channel. Its member, if any, is the caller's to take out of the
   * presence.
   */
  public void unsubscribe(Connection connection, Subscription subscription) {
    ChannelName name = subscription.channel().name();
    subscription.end();
    channels.computeIfPresent(
        name,
        (n, channel) -> {
          occupancy.left(channel.topic());
          if (!channel.remove(subscription, connection.loop())) {
            return channel;
          }
          broker.unsubscribe(channel.topic());
          metrics.channelClosed(n.type());
          webhooks.channelVacated(n);
          return null;
        });
    metrics.unsubscribed(name.type());
  }

  /** Publishes an event to a channel's subscribers, but for one connection. */
  public CompletionStage<Void> publish(
      ChannelName channel, ServerEvent event, @Nullable SocketId except) {
    return broker.publish(topic(channel), Envelope.of(event.toBytes(), except));
  }

  /** The topic of that channel of this app. */
  public Topic topic(ChannelName channel) {
    return new Topic(app.id(), channel);
  }

  void deliver(ChannelName name, Envelope envelope) {
    Channel channel = channels.get(name);
    if (channel != null) {
      channel.broadcast(envelope);
    }
  }
}
