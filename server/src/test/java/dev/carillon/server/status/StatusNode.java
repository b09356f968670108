package dev.carillon.server.status;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.UserDetails;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.Profile;
import dev.carillon.protocol.status.Status;
import dev.carillon.server.app.App;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.config.StatusConfig;
import dev.carillon.server.redis.RedisNode;
import dev.carillon.server.status.StatusStore.Change;
import dev.carillon.server.status.StatusStore.Changed;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.redis.OnRedis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node of a cluster on a real Redis that has statuses and nothing else. */
final class StatusNode implements AutoCloseable {
  /** What others are told of a user. */
  record Told(String user, String status, long version) {}

  /** What came to those who watch users over this node, in its order. */
  final List<Told> heard = new CopyOnWriteArrayList<>();

  /** {@code user version} of each change that this node has made and others are told. */
  final List<String> updates = new CopyOnWriteArrayList<>();

  final RedisNode node;
  final StatusStore store;
  final Statuses statuses;
  private final Broker broker;

  StatusNode(ScalingConfig scaling, StatusTimes times) {
    node = new RedisNode(scaling, OnRedis.unseen());
    broker = node.broker(new Received());
    store = node.statusStore(new Rules());
    App app = App.of(TestServer.app().status(StatusConfig.defaults()).build());
    statuses = new Statuses(app, store, times);
    node.start();
  }

  private final class Received implements Broker.Listener {
    @Override
    public void onMessage(Topic topic, Envelope envelope) {
      JsonNode data =
          TestClient.json(new String(envelope.message(), StandardCharsets.UTF_8)).path("data");
      JsonNode event = TestClient.json(data.asText()).path("events").path(0);
      heard.add(
          new Told(
              event.path("user_ids").path(0).asText(),
              event.path("status").asText(),
              event.path("version").asLong()));
    }

    @Override
    public void onGap(Collection<Topic> topics) {}
  }

  private final class Rules implements StatusStore.Listener {
    @Override
    public Optional<Change> due(Topic user) {
      return Optional.of(statuses.due(user));
    }

    @Override
    public Optional<Change> died(Topic user, String deadNode) {
      return Optional.of(statuses.died(user, deadNode));
    }

    @Override
    public Optional<Change> back(Topic user, UserRecord known, boolean latest, Set<String> lives) {
      return Optional.of(statuses.back(user, known, latest, lives));
    }

    @Override
    public void updated(Topic user, Changed changed) {
      updates.add(
          user.channel().user() + " " + Objects.requireNonNull(changed.update()).now().version());
    }
  }

  static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static UserId id(String user) {
    return new UserId(user, false);
  }

  StatusNode watch(String... users) {
    for (String user : users) {
      get(broker.subscribe(statuses.topic(id(user))));
    }
    return this;
  }

  /** A device that names itself. */
  void connect(String user, String socket, String device) {
    statuses.connected(
        id(user), new SocketId(socket), new UserDetails(Profile.UNKNOWN, "web", device));
  }

  void disconnect(String user, String socket) {
    statuses.disconnected(id(user), new SocketId(socket));
  }

  /** Chooses a status; {@code null} for none. */
  CompletionStage<UserRecord> choose(
      String user, @Nullable Status status, @Nullable Duration lasts) {
    return statuses.ask(
        id(user),
        null,
        (record, at) -> Changes.chosen(record, choice(status, lasts, at.now()), at.now()));
  }

  private static Choice choice(@Nullable Status status, @Nullable Duration lasts, Instant now) {
    return new Choice(status, null, lasts == null ? null : now.plus(lasts), now);
  }

  /** {@code null} if there is none, or Redis is away. */
  @Nullable UserRecord record(String user) {
    return store
        .read(List.of(statuses.topic(id(user))))
        .thenApply(read -> read.records().get(0).orElse(null))
        .exceptionally(away -> null)
        .toCompletableFuture()
        .join();
  }

  /** What others see; {@code none} if there is no record. */
  String status(String user) {
    UserRecord record = record(user);
    return record == null ? "none" : record.shown().others().status().text();
  }

  /** What others see, with its version. */
  String seen(String user) {
    UserRecord record = record(user);
    return record == null ? "none" : status(user) + " " + record.shown().version();
  }

  @Override
  public void close() {
    node.close();
  }
}
