package dev.carillon.server.redis;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.redis.Attempt.Work;
import dev.carillon.server.redis.StatusCommands.Answer;
import dev.carillon.server.redis.StatusCommands.Outcome;
import dev.carillon.server.redis.StatusCommands.Write;
import dev.carillon.server.status.StatusStore;
import dev.carillon.server.status.UserRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of a cluster, in Redis. A change is computed here, on the record that this node has
 * last seen, and made by a script if that is still the present one: record, due time and what is
 * published in one step. Else it is computed again.
 *
 * <p>A user's changes that come while one is on its way are made together by the next command.
 *
 * <p>Thread-safe. The map entry of a user is the lock; what was decided under it is done after it.
 */
final class RedisStatusStore implements StatusStore, Entries {
  private static final Logger LOG = LoggerFactory.getLogger(RedisStatusStore.class);

  /** More changes than that wait for nobody: what they come to is put back instead. */
  private static final int MAX_WAITING = 200_000;

  /** So long other nodes have to evict users of apps that this one does not serve. */
  private static final Duration UNSERVED = Duration.ofSeconds(60);

  private final RedisNode node;
  private final Listener listener;
  private final Duration timeout;
  private final RedisClock clock = new RedisClock();
  private final StatusCommands commands;
  private final StatusDues dues;
  private final UserLines lines;
  private final AtomicInteger waiting = new AtomicInteger();
  private final ConcurrentMap<String, Long> unservedSince = new ConcurrentHashMap<>();
  private volatile long returnedAt;

  /**
   * No user is known yet.
   *
   * @param timeout how long a change that is not lasting waits for Redis
   */
  RedisStatusStore(RedisNode node, Listener listener, Duration timeout) {
    this.node = node;
    this.listener = listener;
    this.timeout = timeout;
    this.commands = new StatusCommands(node, clock);
    this.dues = new StatusDues(node, commands, clock, this::due);
    this.lines = new UserLines((user, due) -> dues.put(user, due, null));
    this.returnedAt = System.nanoTime() - UNSERVED.toNanos();
  }

  void start() {
    dues.start();
  }

  @Override
  public CompletionStage<Optional<UserRecord>> change(Topic user, Change change, boolean lasting) {
    return add(user, new Work(change, lasting, false));
  }

  private CompletionStage<Optional<UserRecord>> add(Topic user, Work work) {
    boolean crowded = waiting.get() >= MAX_WAITING;
    if (crowded && !work.lasting()) {
      work.made().completeExceptionally(unavailable());
      return work.made();
    }
    waiting.incrementAndGet();
    CompletionStage<?> unused =
        work.made().whenComplete((made, failure) -> waiting.decrementAndGet());
    lines.with(
        user,
        (line, then) -> {
          line.add(work);
          if (crowded) {
            supersede(line, then);
          }
          proceed(user, line, then);
        });
    if (!work.lasting() && !work.made().isDone()) {
      node.after(timeout, () -> giveUp(user, work));
    }
    return work.made();
  }

  private void giveUp(Topic user, Work work) {
    if (work.made().completeExceptionally(unavailable())) {
      lines.with(user, (line, then) -> line.remove(work));
    }
  }

  private UnavailableException unavailable() {
    return new UnavailableException("Redis did not answer within " + timeout.toMillis() + " ms");
  }

  private void proceed(Topic user, UserLine line, List<Runnable> then) {
    long rest = line.rest(returnedAt);
    if (rest > 0 && line.waits()) {
      then.add(() -> node.after(Duration.ofNanos(rest), () -> lines.with(user, again(user))));
    }
    if (line.next(node.nextOperation(), rest > 0) != null) {
      attempt(user, line, line.known, false, then);
    }
  }

  private UserLines.Step again(Topic user) {
    return (line, then) -> proceed(user, line, then);
  }

  /**
   * Makes the batch that is on its way.
   *
   * @param present {@code null} if that is not known
   * @param certain whether Redis has just said so
   */
  private void attempt(
      Topic user, UserLine line, @Nullable Revised present, boolean certain, List<Runnable> then) {
    if (present != null && certain) {
      line.seen(present);
    }
    if (line.rest(returnedAt) > 0 && !Objects.requireNonNull(line.sent).works().isEmpty()) {
      line.postpone(node.nextOperation());
    }
    Instant now = clock.now();
    Attempt attempt =
        present == null || now == null
            ? null
            : line.attempt(user, new Attempt(present, now, node.id()), listener);
    boolean empty = attempt != null && attempt.changesNothing();
    if (attempt == null || (!certain && (empty || attempt.refused()))) {
      then.add(() -> commands.look(user).whenComplete((a, f) -> answered(user, null, a, f)));
    } else if (empty) {
      finish(user, line, attempt, attempt.before(), true, then);
    } else {
      then.add(apply(user, attempt, line.write(attempt)));
    }
  }

  private Runnable apply(Topic user, Attempt attempt, Write write) {
    return () ->
        commands
            .apply(user, write, attempt.now())
            .whenComplete((answer, failure) -> answered(user, attempt, answer, failure));
  }

  private void answered(
      Topic user, @Nullable Attempt attempt, @Nullable Answer answer, @Nullable Throwable failure) {
    lines.with(
        user,
        (line, then) -> {
          if (LifeEndedException.is(failure)) {
            line.sentInFormerLife |= attempt != null;
            attempt(user, line, line.known, false, then);
          } else if (answer == null) {
            failed(user, line, Objects.requireNonNull(failure), then);
          } else if (attempt == null || answer.outcome() == Outcome.REFUSED) {
            attempt(user, line, answer.present(), true, then);
          } else {
            boolean byThat = answer.outcome() == Outcome.DONE || !line.sentInFormerLife;
            finish(user, line, attempt, answer.present(), byThat, then);
          }
        });
  }

  private void finish(
      Topic user,
      UserLine line,
      Attempt attempt,
      Revised present,
      boolean byThat,
      List<Runnable> then) {
    List<Work> works = Objects.requireNonNull(line.sent).works();
    if (line.made(attempt, present, byThat)) {
      then.add(() -> node.index().emptied(user));
    }
    if (!attempt.changesNothing()) {
      Instant before = line.due;
      line.due = attempt.due();
      then.add(() -> dues.put(user, before, attempt.due()));
    }
    then.add(() -> tell(user, attempt, works));
    proceed(user, line, then);
  }

  private void tell(Topic user, Attempt attempt, List<Work> works) {
    if (commands.publishesApart()) {
      attempt.publications().forEach(each -> node.ports().publish(each.topic(), each.envelope()));
    }
    attempt.updates().forEach(changed -> listener.updated(user, changed));
    attempt.complete(works);
  }

  /** Redis has refused, or this node ends. What was to last is put back with the next change. */
  private void failed(Topic user, UserLine line, Throwable failure, List<Runnable> then) {
    if (UnavailableException.in(failure) == null) {
      LOG.warn("Status not changed app={}", user.appId(), failure);
    }
    List<Work> works = Objects.requireNonNull(line.sent).works();
    supersede(line, then);
    line.sent = null;
    then.add(() -> works.forEach(work -> work.made().completeExceptionally(failure)));
  }

  /** Remembers what lasting changes come to, instead of them. */
  private void supersede(UserLine line, List<Runnable> then) {
    Instant now = clock.now();
    List<Work> lasting = line.takeLasting();
    if (now == null) {
      then.add(() -> lasting.forEach(work -> work.made().completeExceptionally(unavailable())));
    } else {
      Attempt attempt = line.supersede(lasting, now, node.id());
      then.add(() -> attempt.complete(lasting));
    }
  }

  private void due(Topic user) {
    Optional<Change> change = listener.due(user);
    if (change.isPresent()) {
      add(user, new Work(change.get(), true, true));
    } else {
      commands.forget(user); // unless there is a record, of an app that other nodes know
    }
  }

  @Override
  public CompletionStage<Read> read(List<Topic> users) {
    return commands.readAll(users);
  }

  @Override
  public void restore(boolean silently) {
    if (silently) {
      returnedAt = System.nanoTime();
    }
    node.after(Duration.ZERO, () -> lines.withEach(this::restore));
  }

  private void restore(Topic user) {
    lines.with(
        user,
        (line, then) -> {
          line.doubted |= line.known != null;
          proceed(user, line, then);
        });
  }

  @Override
  public boolean has(Topic topic) {
    return lines.has(topic);
  }

  @Override
  public CompletionStage<Void> evict(String deadNode, String appId, @Nullable ChannelName channel) {
    if (channel == null || channel.type() != ChannelType.USER) {
      return CompletableFuture.completedStage(null);
    }
    Topic user = new Topic(appId, channel, Topic.Kind.STATUS);
    return listener
        .died(user, deadNode)
        .map(change -> change(user, change, true).<Void>thenApply(made -> null))
        .orElseGet(() -> unserved(deadNode));
  }

  /** Of an app that only other nodes serve: they are to do it, and for a time are left the hint. */
  private CompletionStage<Void> unserved(String deadNode) {
    long now = System.nanoTime();
    Long since = unservedSince.putIfAbsent(deadNode, now);
    if (since == null) {
      node.after(UNSERVED.multipliedBy(2), () -> unservedSince.remove(deadNode));
    }
    return since != null && now - since > UNSERVED.toNanos()
        ? CompletableFuture.completedStage(null)
        : CompletableFuture.failedStage(new UnavailableException("An app is not served here"));
  }
}
