package dev.carillon.server.redis;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.user.Users;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * The users of a cluster. A node counts the connections of a user that it has itself; Redis has the
 * nodes, and so decides who comes online and whose grace begins. How that ends: {@link Absences}.
 *
 * <p>An absence is lost with all that Redis has; then the user is offline, as all who watch are
 * told with the rest of what they may have missed.
 *
 * <p>Thread-safe. The map entry of a user is the lock: what is decided under it is sent in the same
 * order.
 */
final class RedisUsers implements Users, Entries {
  private static final Script ARRIVE = Script.load("arrive.lua");
  private static final Script DEPART = Script.load("depart.lua");
  private static final Script STATUS = Script.load("status.lua");

  /** The operation of a departure that the node does not make itself. */
  private static final long OF_A_DEAD_NODE = 0;

  /** A user on this node; guarded by its map entry. */
  private static final class Held {
    private final Set<SocketId> sockets = new HashSet<>(2);
    private CompletableFuture<Void> arrived;

    Held(CompletableFuture<Void> arrived) {
      this.arrived = arrived;
    }
  }

  private final ConcurrentMap<Topic, Held> held = new ConcurrentHashMap<>();
  private final RedisNode node;
  private final Absences absences;

  /**
   * Nobody is online here yet.
   *
   * @param grace after a user's last connection, until the user goes offline
   */
  RedisUsers(RedisNode node, Duration grace) {
    this.node = node;
    this.absences = new Absences(node, grace);
  }

  void start() {
    absences.start();
  }

  /** As {@link Absences#lookAt}. */
  void lookAtAbsence(String indexed) {
    absences.lookAt(indexed);
  }

  @Override
  public CompletionStage<Void> signedIn(Topic user, SocketId socket) {
    if (node.commands().overfull()) {
      return CompletableFuture.failedStage(new UnavailableException("Too many wait for Redis"));
    }
    CompletableFuture<Void> in = new CompletableFuture<>();
    held.compute(
        user,
        (u, existing) -> {
          Held here = existing == null ? new Held(arrive(u, false)) : existing;
          if (here.arrived.isCompletedExceptionally()) {
            here.arrived = arrive(u, false);
          }
          here.sockets.add(socket);
          follow(in, here.arrived);
          return here;
        });
    return in;
  }

  /** Who is put back with all others counts as arrived. */
  private CompletableFuture<Void> arrive(Topic user, boolean silently) {
    CompletableFuture<Void> arrived = new CompletableFuture<>();
    node.commands()
        .keep(new Arrive(user, silently))
        .whenComplete(
            (online, failure) -> {
              if (failure == null || LifeEndedException.is(failure)) {
                arrived.complete(null);
              } else {
                arrived.completeExceptionally(failure);
              }
            });
    return arrived;
  }

  private static void follow(CompletableFuture<Void> follower, CompletableFuture<Void> followed) {
    followed.whenComplete(
        (done, failure) -> {
          if (failure == null) {
            follower.complete(null);
          } else {
            follower.completeExceptionally(failure);
          }
        });
  }

  @Override
  public void signedOut(Topic user, SocketId socket) {
    held.computeIfPresent(
        user,
        (u, here) -> {
          if (!here.sockets.remove(socket) || !here.sockets.isEmpty()) {
            return here;
          }
          absences.begin(u, node.commands().keep(absences.expected(u)), depart(u));
          return null;
        });
  }

  private CompletionStage<Object> depart(Topic user) {
    long operation = node.nextOperation();
    return node.commands()
        .keep((pipeline, again) -> depart(pipeline, user, node.id(), operation))
        .thenApply(
            absent -> {
              node.index().emptied(user);
              return absent;
            });
  }

  private Response<Object> depart(
      AbstractPipeline pipeline, Topic user, String from, long operation) {
    return DEPART.on(
        pipeline,
        List.of(nodes(user), left(user), absences.of(user)),
        NodeLease.arguments(from, operation, absences.graceMicros()));
  }

  @Override
  public void restore(boolean silently) {
    for (Topic user : held.keySet()) {
      held.computeIfPresent(
          user,
          (u, here) -> {
            here.arrived = arrive(u, silently);
            return here;
          });
    }
  }

  @Override
  public boolean has(Topic topic) {
    return held.containsKey(topic);
  }

  @Override
  public CompletionStage<Void> evict(String deadNode, String appId, @Nullable ChannelName channel) {
    if (channel == null || channel.type() != ChannelType.USER) {
      return CompletableFuture.completedStage(null);
    }
    Topic user = new Topic(appId, channel, Topic.Kind.STATUS);
    return absences.begin(
        user,
        node.commands().submit(absences.expected(user)),
        node.commands()
            .submit((pipeline, again) -> depart(pipeline, user, deadNode, OF_A_DEAD_NODE)));
  }

  @Override
  public CompletionStage<List<Status>> statuses(List<Topic> users) {
    List<CompletableFuture<Status>> statuses = new ArrayList<>(users.size());
    for (Topic user : users) {
      List<byte[]> keys = List.of(nodes(user), absences.of(user), absences.sequence(user));
      statuses.add(
          node.commands()
              .submit((pipeline, again) -> STATUS.on(pipeline, keys, List.of()))
              .thenApply(answer -> status((List<?>) answer))
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(statuses.toArray(CompletableFuture[]::new))
        .thenApply(all -> statuses.stream().map(CompletableFuture::join).toList());
  }

  private static Status status(List<?> answer) {
    return new Status((Long) answer.get(0) == 1, Long.parseLong(NodeLease.text(answer.get(1))));
  }

  private byte[] nodes(Topic user) {
    return node.keys().of(user, "nodes");
  }

  private byte[] left(Topic user) {
    return node.keys().of(user, "nodes-left");
  }

  private final class Arrive implements Command<Object> {
    private final Topic user;
    private final boolean silently;
    private final long operation = node.nextOperation();

    Arrive(Topic user, boolean silently) {
      this.user = user;
      this.silently = silently;
    }

    @Override
    public @Nullable Response<?> prepare(AbstractPipeline pipeline) {
      return node.index().add(pipeline, NodeIndex.name(user));
    }

    @Override
    public Response<Object> send(AbstractPipeline pipeline, boolean again) {
      return ARRIVE.on(
          pipeline,
          List.of(
              nodes(user),
              left(user),
              absences.of(user),
              absences.sequence(user),
              absences.channel(user)),
          NodeLease.arguments(
              node.id(),
              operation,
              silently ? "" : node.pubSub().verb(),
              absences.change(user, true)));
    }
  }
}
