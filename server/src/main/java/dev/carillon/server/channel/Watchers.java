package dev.carillon.server.channel;

import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.UserStatus;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.connection.Connection;
import dev.carillon.server.status.StatusStore;
import dev.carillon.server.status.Statuses;
import dev.carillon.server.status.UserRecord;
import dev.carillon.server.user.Users;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings those up to date who watch users, when some of what was published may not have come: all
 * of them hold back, it is read who is online and how they are, each is told in one frame what it
 * does not know, and all go on.
 *
 * <p>One app has one round at a time, of all users who are concerned. What is missed in a round is
 * found in one more after it.
 *
 * <p>Thread-safe.
 */
final class Watchers {
  private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);

  /** So many users are read together: a record may have a few KB. */
  private static final int AT_ONCE = 1000;

  /**
   * What is so now of a user.
   *
   * @param online {@code null} if it could not be read
   * @param status {@code null} if the user was never told to have one
   */
  private record Present(Users.@Nullable Status online, @Nullable UserStatus status) {
    private static final Present UNKNOWN = new Present(null, null);

    boolean onlineIsNews(Position told) {
      return online != null && online.sequence() > told.change();
    }

    /** A version may be lower than what was told, of a user who was forgotten meanwhile. */
    boolean statusIsNews(Position told) {
      return status != null && status.version() != told.event();
    }

    Position reached(Position before) {
      return new Position(
          online == null ? before.change() : Math.max(online.sequence(), before.change()),
          status == null ? before.event() : status.version());
    }
  }

  /** Those on one event loop who watch a user. */
  private record Watching(Topic user, LoopSubscribers group) {}

  /** What a connection does not know. Confined to its event loop. */
  private static final class News {
    private final List<UserId> online = new ArrayList<>();
    private final List<UserId> offline = new ArrayList<>();
    private final List<UserStatus> statuses = new ArrayList<>();

    void add(Topic user, Present present, Position told) {
      if (present.onlineIsNews(told) && present.online != null) {
        (present.online.online() ? online : offline).add(new UserId(user.channel().user(), false));
      }
      if (present.statusIsNews(told) && present.status != null) {
        statuses.add(present.status);
      }
    }

    void tell(Connection connection) {
      if (!online.isEmpty() || !offline.isEmpty() || !statuses.isEmpty()) {
        connection.send(new ServerEvent.WatchlistEvents(online, offline, statuses));
      }
    }
  }

  private final Set<Channel> missed = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean running = new AtomicBoolean();
  private final Ports ports;
  private final Statuses statuses;

  Watchers(Ports ports, Statuses statuses) {
    this.ports = ports;
    this.statuses = statuses;
  }

  /**
   * Begins, or has one more round follow; called in the order in which envelopes come.
   *
   * @param users topics of users' statuses
   */
  void begin(Collection<Channel> users) {
    for (Channel user : users) {
      // Who is being let in may have read before the gap: one more round when that is told.
      user.groups().forEach(group -> group.missed(() -> begin(List.of(user))));
    }
    missed.addAll(users);
    next();
  }

  private void next() {
    if (!missed.isEmpty() && running.compareAndSet(false, true)) {
      List<Channel> users = List.copyOf(missed);
      users.forEach(missed::remove);
      round(users);
    }
  }

  private void round(List<Channel> users) {
    List<Watching> watching = new ArrayList<>();
    for (Channel user : users) {
      user.groups().forEach(group -> watching.add(new Watching(user.topic(), group)));
    }
    Resync.all(watching.stream().map(each -> each.group.pause()))
        .thenCompose(held -> read(users.stream().map(Channel::topic).toList()))
        .handle((present, failure) -> present == null ? failed(users, failure) : present)
        .thenCompose(present -> resume(watching, present))
        .whenComplete((resumed, fault) -> ended(fault));
  }

  private CompletionStage<Map<Topic, Present>> read(List<Topic> users) {
    Map<Topic, Present> present = new HashMap<>();
    CompletionStage<?> read = CompletableFuture.completedStage(null);
    for (int i = 0; i < users.size(); i += AT_ONCE) {
      List<Topic> some = users.subList(i, Math.min(users.size(), i + AT_ONCE));
      read = read.thenCompose(before -> read(some, present));
    }
    return read.thenApply(all -> present);
  }

  private CompletionStage<?> read(List<Topic> users, Map<Topic, Present> present) {
    return ports
        .users()
        .statuses(users)
        .thenCombine(
            records(users),
            (online, records) -> {
              for (int i = 0; i < users.size(); i++) {
                Topic user = users.get(i);
                present.put(user, new Present(online.get(i), seen(user, records.get(i))));
              }
              return present;
            });
  }

  private CompletionStage<List<Optional<UserRecord>>> records(List<Topic> users) {
    return statuses.enabled()
        ? ports.statuses().read(users).thenApply(StatusStore.Read::records)
        : CompletableFuture.completedStage(
            users.stream().map(user -> Optional.<UserRecord>empty()).toList());
  }

  private @Nullable UserStatus seen(Topic user, Optional<UserRecord> record) {
    return record
        .map(kept -> statuses.seen(new UserId(user.channel().user(), false), kept))
        .filter(status -> status.version() > 0)
        .orElse(null);
  }

  /** Nothing is known that could be told; it is read again a little later. */
  private Map<Topic, Present> failed(List<Channel> users, @Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    UnavailableException unavailable = UnavailableException.in(failure);
    LOG.warn(
        "Watchers not brought up to date app={} users={}: {}",
        users.get(0).topic().appId(),
        users.size(),
        unavailable == null ? String.valueOf(cause) : unavailable.text());
    users.stream()
        .flatMap(user -> user.groups().stream())
        .findAny()
        .ifPresent(group -> group.later(Resync.AGAIN_AFTER, () -> begin(users)));
    return Map.of();
  }

  private static CompletableFuture<Void> resume(
      List<Watching> watching, Map<Topic, Present> present) {
    Map<EventLoop, List<Watching>> byLoop =
        watching.stream().collect(Collectors.groupingBy(each -> each.group.loop()));
    return Resync.all(
        byLoop.values().stream()
            .map(each -> each.get(0).group.onLoop(() -> resumeOnLoop(each, present))));
  }

  private static void resumeOnLoop(List<Watching> watching, Map<Topic, Present> present) {
    Map<Connection, News> news = new LinkedHashMap<>();
    for (Watching each : watching) {
      Present now = present.getOrDefault(each.user, Present.UNKNOWN);
      each.group.forEach(
          subscription -> {
            if (subscription.paused()) {
              news.computeIfAbsent(subscription.connection(), connection -> new News())
                  .add(each.user, now, subscription.position());
            }
          });
    }
    news.forEach((connection, what) -> what.tell(connection));
    for (Watching each : watching) {
      Present now = present.getOrDefault(each.user, Present.UNKNOWN);
      each.group.forEach(
          subscription -> {
            if (subscription.paused()) {
              subscription.resume(now.reached(subscription.position()));
            }
          });
    }
  }

  private void ended(@Nullable Throwable fault) {
    if (fault != null) {
      LOG.error("Bringing watchers up to date failed", fault);
    }
    running.set(false);
    next();
  }
}
