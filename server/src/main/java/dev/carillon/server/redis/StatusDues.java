package dev.carillon.server.redis;

import dev.carillon.server.broker.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches when users' records are due. A node wakes for what it has put in itself; for what others
 * have, who may be dead, it looks once a second. Redis hands each user to one of those who look.
 *
 * <p>Thread-safe.
 */
final class StatusDues {
  private static final Logger LOG = LoggerFactory.getLogger(StatusDues.class);

  private static final Duration TICK = Duration.ofSeconds(1);

  /** What is due within so long is looked at together. */
  private static final long TOGETHER_MILLIS = 10;

  /** After so long another node may look at what one has taken. */
  private static final Duration CLAIM = Duration.ofSeconds(5);

  private static final int AT_MOST = 200;

  private static final List<Integer> ALL = IntStream.range(0, RedisKeys.BUCKETS).boxed().toList();

  private record Due(Instant at, Topic user) {}

  private final ConcurrentSkipListSet<Due> own =
      new ConcurrentSkipListSet<>(
          Comparator.comparing(Due::at)
              .thenComparing(due -> due.user().appId())
              .thenComparing(due -> due.user().channel().value()));
  private final AtomicReference<Instant> wakesAt = new AtomicReference<>(Instant.MAX);
  private final RedisNode node;
  private final StatusCommands commands;
  private final RedisClock clock;
  private final Consumer<Topic> dueNow;

  /**
   * Not yet watching.
   *
   * @param dueNow is told of each user who is due
   */
  StatusDues(RedisNode node, StatusCommands commands, RedisClock clock, Consumer<Topic> dueNow) {
    this.node = node;
    this.commands = commands;
    this.clock = clock;
    this.dueNow = dueNow;
  }

  void start() {
    node.after(TICK, this::tick);
  }

  /** This node has put in when a user is due, in place of what it had put in before. */
  void put(Topic user, @Nullable Instant before, @Nullable Instant at) {
    if (before != null) {
      own.remove(new Due(before, user));
    }
    if (at != null) {
      own.add(new Due(at, user));
      wakeForTheNext();
    }
  }

  private void wakeForTheNext() {
    Instant now = clock.now();
    Due next = own.isEmpty() ? null : own.first();
    if (next == null || now == null) {
      return;
    }
    Instant before = wakesAt.getAndAccumulate(next.at, (a, b) -> a.isBefore(b) ? a : b);
    if (next.at.isBefore(before)) {
      long millis = Math.max(0, Duration.between(now, next.at).toMillis()) + TOGETHER_MILLIS;
      node.after(Duration.ofMillis(millis), () -> wake(next.at));
    }
  }

  private void wake(Instant forWhat) {
    wakesAt.compareAndSet(forWhat, Instant.MAX);
    Instant now = clock.now();
    Set<Integer> buckets = new HashSet<>();
    for (Due due : own) {
      if (now == null || due.at.isAfter(now)) {
        break;
      }
      own.remove(due);
      buckets.add(RedisKeys.bucketOf(due.user));
    }
    unfailing(look(buckets));
    wakeForTheNext();
  }

  private void tick() {
    unfailing(look(ALL).whenComplete((looked, failure) -> node.after(TICK, this::tick)));
  }

  private CompletionStage<?> look(Collection<Integer> buckets) {
    return CompletableFuture.allOf(
        buckets.stream()
            .map(bucket -> look(bucket).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  private CompletionStage<?> look(int bucket) {
    return commands
        .due(bucket, AT_MOST, CLAIM)
        .thenCompose(
            answer ->
                take((List<?>) answer) ? look(bucket) : CompletableFuture.completedStage(null));
  }

  /** Whether there may be more. */
  private boolean take(List<?> answer) {
    clock.told(Long.parseLong(NodeLease.text(answer.get(0))));
    answer.stream().skip(1).forEach(user -> dueNow.accept(NodeIndex.user(NodeLease.text(user))));
    return answer.size() > AT_MOST;
  }

  /** What is not done now is done when somebody looks again. */
  private static void unfailing(CompletionStage<?> stage) {
    stage.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            LOG.debug("Users are to be looked at again", failure);
          }
        });
  }
}
