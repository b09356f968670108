package dev.carillon.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.Profile;
import dev.carillon.protocol.status.Status;
import dev.carillon.server.app.App;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.channel.Hubs;
import dev.carillon.server.config.RedisConfig;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.directory.Directory;
import dev.carillon.server.occupancy.Occupancy;
import dev.carillon.server.occupancy.OccupancyListener;
import dev.carillon.server.presence.Presence;
import dev.carillon.server.quota.Quota;
import dev.carillon.server.status.Shown;
import dev.carillon.server.status.StatusStore;
import dev.carillon.server.status.UserRecord;
import dev.carillon.server.status.View;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.user.Users;
import dev.carillon.server.webhook.Webhooks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A node on a real Redis, and what its ports told. */
final class RunningNode implements AutoCloseable {
  static final Duration LEASE = Duration.ofSeconds(2);
  private static final int SECONDS_AT_MOST = 20;

  /** A change that leaves a record with nothing in it, for a moment. */
  static final StatusStore.Change NOTHING =
      (before, at) ->
          new StatusStore.Changed(record(at.now()), at.now().plusSeconds(1), List.of(), null);

  /** What came: {@code channel message}, or {@code gap channel}. */
  final BlockingQueue<String> got = new LinkedBlockingQueue<>();

  /** {@code + channel} or {@code - channel}. */
  final Queue<String> occupied = new ConcurrentLinkedQueue<>();

  final RedisNode node;
  final Broker broker;
  final Presence presence;
  final Occupancy occupancy;
  final Users users;
  final Quota quota;
  final ChannelCache cache;
  final Directory directory;
  final StatusStore statuses;
  final CompletionStage<Void> entered;

  RunningNode(RedisConfig redis, App... apps) {
    this(redis, 200_000, apps);
  }

  /** With a limit for what waits. */
  RunningNode(RedisConfig redis, int maxWaiting, App... apps) {
    node =
        new RedisNode(
            ScalingConfig.defaults().toBuilder()
                .enabled(true)
                .nodeLease(LEASE)
                .redis(redis)
                .build(),
            OnRedis.unseen(),
            maxWaiting);
    broker = node.broker(new Received());
    presence = node.presence(Webhooks.none());
    occupancy = node.occupancy(new Changes(), topic -> {});
    node.apps(List.of(apps));
    users = node.users(Duration.ofMillis(100));
    quota = node.quota();
    cache = node.channelCache();
    directory = node.directory();
    statuses = node.statusStore(new Hubs());
    entered = node.start();
  }

  static RedisConfig at(RedisConfig.Target target) {
    return RedisConfig.defaults().toBuilder().target(target).build();
  }

  private final class Received implements Broker.Listener {
    @Override
    public void onMessage(Topic topic, Envelope envelope) {
      got.add(topic.channel() + " " + new String(envelope.message(), StandardCharsets.UTF_8));
    }

    @Override
    public void onGap(Collection<Topic> topics) {
      topics.forEach(topic -> got.add("gap " + topic.channel()));
    }
  }

  private final class Changes implements OccupancyListener {
    @Override
    public void channelOccupied(Topic topic) {
      occupied.add("+ " + topic.channel());
    }

    @Override
    public void channelVacated(Topic topic) {
      occupied.add("- " + topic.channel());
    }
  }

  /** How many topics it is subscribed to, or wants to be. */
  int topics() {
    return ((RedisBroker) broker).topics();
  }

  void subscribe(Topic topic) {
    get(broker.subscribe(topic));
  }

  void publish(Topic topic, String message) {
    get(broker.publish(topic, Envelope.of(message.getBytes(StandardCharsets.UTF_8), null)));
  }

  Presence.Snapshot join(Topic topic, String socket, String user) {
    return get(
        presence.join(topic, new SocketId(socket), new Member(new UserId(user, false), null), 0));
  }

  /** The ids of those who are in, or what went wrong. */
  String members(Topic topic) {
    try {
      return presence
          .members(topic)
          .toCompletableFuture()
          .get(SECONDS_AT_MOST, TimeUnit.SECONDS)
          .members()
          .stream()
          .map(member -> member.userId().value())
          .sorted()
          .toList()
          .toString();
    } catch (Exception notNow) {
      return String.valueOf(notNow.getCause());
    }
  }

  /** Waits for that, whatever else comes. */
  void awaitMessage(String wanted) throws InterruptedException {
    for (String next = ""; !next.equals(wanted); ) {
      next = got.poll(SECONDS_AT_MOST, TimeUnit.SECONDS);
      assertThat(next).as("while waiting for " + wanted).isNotNull();
    }
  }

  static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(SECONDS_AT_MOST, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Of a user with nothing in it. */
  static UserRecord record(Instant now) {
    return record(now, 0);
  }

  /** As {@link #record(Instant)}, but the last entry had that number. */
  static UserRecord record(Instant now, long lastEntry) {
    View view = new View(Status.OFFLINE, null, null, new TreeMap<>(), null);
    Shown shown = new Shown(view, view, Shown.Source.NOWHERE, now, now, null, null, 1);
    return new UserRecord(
        Profile.UNKNOWN,
        null,
        List.of(),
        lastEntry,
        null,
        List.of(),
        List.of(),
        null,
        null,
        shown,
        null);
  }

  @Override
  public void close() {
    node.close();
  }
}
