package dev.carillon.server.user;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The users of a single node. The map entry of a user is the lock: what is decided under it is
 * published under it. The entry is there from the first sign-in to the end of the grace.
 *
 * <p>All users count their changes with one counter: so a user's numbers grow although nothing is
 * kept of those who are offline.
 *
 * <p>Thread-safe.
 */
public final class LocalUsers implements Users {
  /** A user's connections; none during the grace. Guarded by its map entry. */
  private static final class Online {
    private final Set<SocketId> sockets = new HashSet<>(2);
    private int absences;
  }

  private final ConcurrentMap<Topic, Online> users = new ConcurrentHashMap<>();
  private final AtomicLong sequence = new AtomicLong();
  private final Broker broker;
  private final Executor afterGrace;

  /**
   * Nobody is online yet.
   *
   * @param afterGrace runs what it is given when the grace is over; nothing that blocks is done
   *     there
   */
  public LocalUsers(Broker broker, Executor afterGrace) {
    this.broker = broker;
    this.afterGrace = afterGrace;
  }

  @Override
  public CompletionStage<Void> signedIn(Topic user, SocketId socket) {
    users.compute(
        user,
        (u, existing) -> {
          Online online = existing == null ? new Online() : existing;
          online.sockets.add(socket);
          if (existing == null) {
            publish(u, true);
          }
          return online;
        });
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void signedOut(Topic user, SocketId socket) {
    users.computeIfPresent(
        user,
        (u, online) -> {
          if (online.sockets.remove(socket) && online.sockets.isEmpty()) {
            online.absences++;
            int absence = online.absences;
            afterGrace.execute(() -> expire(u, online, absence));
          }
          return online;
        });
  }

  private void expire(Topic user, Online left, int absence) {
    users.computeIfPresent(
        user,
        (u, online) -> {
          if (online != left || online.absences != absence || !online.sockets.isEmpty()) {
            return online; // came back meanwhile
          }
          publish(u, false);
          return null;
        });
  }

  private void publish(Topic user, boolean online) {
    UserId id = new UserId(user.channel().user(), false);
    byte[] change = ServerEvent.WatchlistEvents.change(id, online).toBytes();
    broker.publish(user, Envelope.change(change, null, sequence.incrementAndGet()));
  }

  @Override
  public CompletionStage<List<Status>> statuses(List<Topic> asked) {
    List<Status> statuses = new ArrayList<>(asked.size());
    for (Topic user : asked) {
      users.compute(
          user,
          (u, online) -> {
            statuses.add(new Status(online != null, sequence.get()));
            return online;
          });
    }
    return CompletableFuture.completedStage(statuses);
  }
}
