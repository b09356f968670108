package dev.carillon.server.status;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * The records of a single node, in its memory. The map entry of a user is the lock: what is decided
 * under it is published under it.
 *
 * <p>One timer serves all users: it waits for what is due next of any.
 *
 * <p>Thread-safe.
 */
public final class LocalStatusStore implements StatusStore {
  /** Runs a task so much later, where it must not block. */
  @FunctionalInterface
  public interface Timer {
    void after(Duration delay, Runnable task);
  }

  private static final String THE_NODE = "";
  private static final int AT_ONCE = 500;

  private record Kept(UserRecord record, @Nullable Instant due) {}

  private record Due(Instant at, Topic user) {}

  private final ConcurrentMap<Topic, Kept> records = new ConcurrentHashMap<>();
  private final ConcurrentSkipListSet<Due> dues =
      new ConcurrentSkipListSet<>(
          Comparator.comparing(Due::at)
              .thenComparing(due -> due.user().appId())
              .thenComparing(due -> due.user().channel().value()));
  private final ConcurrentSkipListSet<Instant> alarms = new ConcurrentSkipListSet<>();
  private final Broker broker;
  private final Listener listener;
  private final InstantSource clock;
  private final Timer timer;

  public LocalStatusStore(Broker broker, Listener listener, InstantSource clock, Timer timer) {
    this.broker = broker;
    this.listener = listener;
    this.clock = clock;
    this.timer = timer;
  }

  @Override
  public CompletionStage<Optional<UserRecord>> change(Topic user, Change change, boolean lasting) {
    try {
      Kept kept = records.compute(user, (u, before) -> made(u, before, change));
      wakeForTheNext();
      return CompletableFuture.completedStage(Optional.ofNullable(kept).map(Kept::record));
    } catch (ProtocolException mistake) {
      return CompletableFuture.failedStage(mistake);
    }
  }

  private @Nullable Kept made(Topic user, @Nullable Kept before, Change change) {
    Instant now = clock.instant();
    Changed changed = change.of(before == null ? null : before.record, new At(now, now, THE_NODE));
    if (before != null && before.due != null) {
      dues.remove(new Due(before.due, user));
    }
    if (changed.due() != null) {
      dues.add(new Due(changed.due(), user));
    }
    if (changed.update() != null) {
      listener.updated(user, changed);
    }
    for (Publication publication : changed.publications()) {
      broker.publish(publication.topic(), publication.envelope());
    }
    return changed.after() == null ? null : new Kept(changed.after(), changed.due());
  }

  @Override
  public CompletionStage<Read> read(List<Topic> users) {
    List<Optional<UserRecord>> found = users.stream().map(this::read).toList();
    return CompletableFuture.completedStage(new Read(found, clock.instant()));
  }

  /** Under the entry's lock: nobody reads between a change's publication and its being kept. */
  private Optional<UserRecord> read(Topic user) {
    List<UserRecord> found = new ArrayList<>(1);
    records.computeIfPresent(
        user,
        (u, kept) -> {
          found.add(kept.record);
          return kept;
        });
    return found.stream().findFirst();
  }

  /** Unless a timer runs that is early enough. */
  private void wakeForTheNext() {
    Due next = earliest();
    if (next == null) {
      return;
    }
    Instant first = alarms.ceiling(Instant.MIN);
    if ((first == null || next.at.isBefore(first)) && alarms.add(next.at)) {
      Duration delay = Duration.between(clock.instant(), next.at);
      timer.after(delay.isNegative() ? Duration.ZERO : delay, () -> wake(next.at));
    }
  }

  private @Nullable Due earliest() {
    Iterator<Due> all = dues.iterator();
    return all.hasNext() ? all.next() : null;
  }

  /** Does what is due; the rest of much a moment later, so that others have their turn. */
  private void wake(Instant alarm) {
    Instant now = clock.instant();
    int done = 0;
    for (Due due : dues) {
      if (due.at.isAfter(now) || done == AT_ONCE) {
        break;
      }
      done++;
      listener
          .due(due.user)
          .ifPresentOrElse(change -> change(due.user, change, true), () -> dues.remove(due));
    }
    alarms.remove(alarm);
    wakeForTheNext();
  }
}
