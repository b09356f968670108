package dev.carillon.server.channel;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.StatusUpdate;
import dev.carillon.server.app.App;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.CachedEvent;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.config.DndConfig;
import dev.carillon.server.connection.Connection;
import dev.carillon.server.directory.Directory;
import dev.carillon.server.metrics.AppMetrics;
import dev.carillon.server.presence.Presence;
import dev.carillon.server.status.StatusStore;
import dev.carillon.server.status.Statuses;
import dev.carillon.server.user.Users;
import dev.carillon.server.webhook.AppWebhooks;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One app's channels on this node. The map entry of a channel is its lock: opening, counting and
 * closing a channel and the broker's subscribe and unsubscribe happen under it, so they cannot
 * overtake one another.
 *
 * <p>Thread-safe; subscribe and unsubscribe are called on the connection's event loop.
 */
public final class Hub {
  /** Between two counts of subscribers, while they are many or cannot be counted. */
  public static final Duration COUNT_PAUSE = Duration.ofSeconds(5);

  private final App app;
  private final Ports ports;
  private final UserTopics userTopics;
  private final Resync resync;
  private final AppMetrics metrics;
  private final AppWebhooks webhooks;
  private final Statuses statuses;
  private final DoNotDisturb doNotDisturb;
  private final Rosters rosters;
  private final SubscriptionCounters counters;
  private final ConcurrentMap<ChannelName, Channel> channels = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();

  /**
   * The channels of an app.
   *
   * @param afterPause runs what it is given {@link #COUNT_PAUSE} later
   */
  public Hub(
      App app,
      Ports ports,
      Statuses statuses,
      DndConfig dnd,
      AppMetrics metrics,
      AppWebhooks webhooks,
      Executor afterPause) {
    this.app = app;
    this.statuses = statuses;
    this.rosters = new Rosters(app, ports.presence(), statuses);
    this.ports = ports;
    this.userTopics = new UserTopics(app.id(), ports.broker(), metrics);
    this.resync = new Resync(ports, statuses);
    this.metrics = metrics;
    this.webhooks = webhooks;
    this.doNotDisturb = new DoNotDisturb(app, ports, statuses, dnd, metrics, this::find);
    this.counters = new SubscriptionCounters(app, ports, webhooks, afterPause);
    metrics.connections(connections);
  }

  public App app() {
    return app;
  }

  public Presence presence() {
    return ports.presence();
  }

  public ChannelCache cache() {
    return ports.cache();
  }

  public Directory directory() {
    return ports.directory();
  }

  public Users users() {
    return ports.users();
  }

  public Statuses statuses() {
    return statuses;
  }

  public DoNotDisturb doNotDisturb() {
    return doNotDisturb;
  }

  public Rosters rosters() {
    return rosters;
  }

  /** Others are about to be told how a user is. */
  void statusUpdated(StatusStore.Changed changed) {
    rosters.updated(changed);
    StatusUpdate update = changed.update();
    if (update != null) {
      String user = update.now().userId();
      webhooks.userStatusUpdated(
          statuses.ownChannel(user).orElseGet(() -> ChannelName.ofUser(user)), update);
    }
  }

  public UserTopics userTopics() {
    return userTopics;
  }

  public AppMetrics metrics() {
    return metrics;
  }

  public AppWebhooks webhooks() {
    return webhooks;
  }

  /** How many connections the app has, on all nodes. */
  public CompletionStage<Integer> connections() {
    return ports.quota().count(app.id());
  }

  /**
   * Asks for a connection to be let in; completes with whether the app may have one more. If so,
   * {@link #connected} follows, or {@link #withdraw}.
   */
  public CompletionStage<Boolean> admit() {
    return ports.quota().enter(app.id(), app.maxConnections());
  }

  /** Who was let in has gone before it was connected. */
  public void withdraw() {
    ports.quota().leave(app.id());
  }

  /** Counts a connection of this node that was let in. */
  public void connected() {
    connections.incrementAndGet();
  }

  /** Counts a connection of this node out. */
  public void disconnected() {
    ports.quota().leave(app.id());
    connections.decrementAndGet();
  }

  /**
   * Adds a connection to a channel; it holds back what arrives until it is acknowledged. A member's
   * connection can be terminated by the user's id from now on.
   *
   * @throws dev.carillon.server.broker.UnavailableException if too many wait to be let in
   */
  public Subscription subscribe(Connection connection, ChannelName name, @Nullable Member member) {
    Subscription[] added = new Subscription[1];
    channels.compute(
        name,
        (n, existing) -> {
          CompletionStage<Void> counted = ports.occupancy().entered(topic(n)); // or throws
          Channel channel = existing == null ? open(n) : existing;
          Subscription subscription = new Subscription(connection, channel, member, counted);
          channel.add(subscription, connection.loop());
          added[0] = subscription;
          return channel;
        });
    if (member != null) {
      added[0].knownAs(userTopics.follow(connection, member.userId()));
    }
    metrics.subscribed(name.type());
    SubscriptionCounter.added(added[0]);
    return added[0];
  }

  private Channel open(ChannelName name) {
    Topic topic = topic(name);
    metrics.channelOpened(name.type());
    return new Channel(topic, ports.broker().subscribe(topic), metrics, counters.of(topic));
  }

  /** How many are subscribed has changed, though nobody came or went here. */
  void recounted(Topic topic) {
    counters.recounted(topic, find(topic));
  }

  /**
   * Takes a connection out of a channel. Its member, if any, is the caller's to take out of the
   * presence.
   */
  public void unsubscribe(Connection connection, Subscription subscription) {
    ChannelName name = subscription.channel().name();
    subscription.end();
    Subscription known = subscription.known();
    if (known != null) {
      userTopics.leave(connection, known);
    }
    channels.computeIfPresent(
        name,
        (n, channel) -> {
          ports.occupancy().left(channel.topic());
          if (!channel.remove(subscription, connection.loop())) {
            return channel;
          }
          ports.broker().unsubscribe(channel.topic());
          metrics.channelClosed(n.type());
          return null;
        });
    metrics.unsubscribed(name.type());
    SubscriptionCounter.changed(subscription.channel());
  }

  /** Publishes an event to a channel's subscribers, but for one connection. */
  public CompletionStage<Void> publish(
      ChannelName channel, ServerEvent event, @Nullable SocketId except) {
    return ports.broker().publish(topic(channel), Envelope.of(event.toBytes(), except));
  }

  /**
   * Publishes an event of the app's server. A cache channel keeps it, whether or not anybody is
   * subscribed.
   */
  public CompletionStage<Void> trigger(
      ServerEvent.ChannelMessage event, @Nullable SocketId except) {
    ChannelName channel = event.channel();
    return channel.isCache()
        ? ports.cache().publish(topic(channel), CachedEvent.of(event), app.cacheTtl(), except)
        : publish(channel, event, except);
  }

  /** A subscriber found nothing in a cache channel; of several at the same moment one counts. */
  public void cacheMissed(Channel channel) {
    ports
        .cache()
        .missed(channel.topic())
        .thenAccept(
            news -> {
              if (news) {
                metrics.cacheMiss();
                webhooks.cacheMiss(channel.name());
              }
            });
  }

  /**
   * Closes all connections of a user, on all nodes: those that are signed in and those that are in
   * presence channels as that user.
   */
  public CompletionStage<Void> terminate(UserId user) {
    return ports.broker().publish(Topic.ofUser(app.id(), user), Envelope.terminate());
  }

  /** The topic of that channel of this app. */
  public Topic topic(ChannelName channel) {
    return new Topic(app.id(), channel);
  }

  void deliver(Topic topic, Envelope envelope) {
    Channel channel = find(topic);
    if (channel == null) {
      return;
    }
    if (envelope.kind() == Envelope.Kind.RELEASE) {
      doNotDisturb.maybeDue(channel);
    } else {
      channel.broadcast(envelope);
    }
  }

  /** Some of what was published to those has not come: their subscribers are told what is so. */
  void resync(List<Topic> topics) {
    List<Channel> channels =
        topics.stream().flatMap(topic -> Stream.ofNullable(find(topic))).toList();
    resync.begin(channels);
    channels.forEach(doNotDisturb::maybeDue);
  }

  private @Nullable Channel find(Topic topic) {
    ChannelName name = topic.channel();
    return name.type() == ChannelType.USER ? userTopics.find(topic) : channels.get(name);
  }
}
