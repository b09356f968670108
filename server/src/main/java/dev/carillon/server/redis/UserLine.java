package dev.carillon.server.redis;

import dev.carillon.server.broker.Topic;
import dev.carillon.server.redis.Attempt.Work;
import dev.carillon.server.status.StatusStore.Listener;
import dev.carillon.server.status.UserRecord;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What this node knows of a user, and the changes that it is about to make: one batch at a time is
 * on its way to Redis, the others wait.
 *
 * <p>Guarded by its entry in the map of {@link UserLines}.
 */
final class UserLine {
  private static final int AT_ONCE = 100;

  /** So long after a loss those who know a user put the record back. */
  private static final long RETURN_NANOS = 2_000_000_000;

  /**
   * Changes that are made together.
   *
   * @param operation names them to Redis, in whatever attempt
   */
  record Batch(long operation, List<Work> works) {}

  private final Deque<Work> waiting = new ArrayDeque<>(2);
  @Nullable Batch sent;

  /** The batch's node may have had another id when Redis took it. */
  boolean sentInFormerLife;

  /** As it was last seen; {@code null} if it was not, or nothing was there. */
  @Nullable Revised known;

  /** With changes that were too many to wait; what is known, and this, is put back. */
  @Nullable UserRecord superseding;

  /** Whether Redis may have lost what is known. */
  boolean doubted;

  /** When this node has put in that the user is due. */
  @Nullable Instant due;

  /** Whether it is listed among those that are forgotten when they are many. */
  boolean spare;

  /** When it was seen that Redis had lost what is known, as of {@link System#nanoTime}. */
  private @Nullable Long lostAt;

  /** The ids under which this node may have devices in it. */
  private Set<String> lives = Set.of();

  void add(Work work) {
    waiting.add(work);
  }

  void remove(Work work) {
    waiting.remove(work);
  }

  /** Whether there is nothing to do. */
  boolean idle() {
    return sent == null && waiting.isEmpty() && superseding == null && !doubted;
  }

  /** Redis has something else than what is known. */
  void seen(Revised present) {
    if (known != null && present.lacks(known)) {
      lostAt = System.nanoTime();
    }
  }

  /**
   * For how long only what was lost is put back, in nanoseconds: a change that is made on what one
   * node puts back would hide what another knows that is later.
   *
   * @param returnedAt when Redis was last seen to have lost something
   */
  long rest(long returnedAt) {
    long now = System.nanoTime();
    Long lost = lostAt;
    long sinceLoss = lost == null ? RETURN_NANOS : now - lost;
    return RETURN_NANOS - Math.min(now - returnedAt, sinceLoss);
  }

  /** Whether changes wait, and nothing is on its way. */
  boolean waits() {
    return sent == null && !waiting.isEmpty();
  }

  /**
   * Takes the next batch; {@code null} if there is nothing to do, or one is on its way.
   *
   * @param putBackOnly whether changes wait
   */
  @Nullable Batch next(long operation, boolean putBackOnly) {
    waiting.removeIf(work -> work.made().isDone()); // was given up
    boolean back = doubted || superseding != null;
    if (sent != null || (!back && (putBackOnly || waiting.isEmpty()))) {
      return null;
    }
    List<Work> works = new ArrayList<>();
    while (!putBackOnly && !waiting.isEmpty() && works.size() < AT_ONCE) {
      works.add(waiting.remove());
    }
    doubted = false;
    sent = new Batch(operation, works);
    sentInFormerLife = false;
    return sent;
  }

  /** The changes that are on their way wait again; nothing but what was lost is put back. */
  Batch postpone(long operation) {
    List<Work> works = Objects.requireNonNull(sent).works();
    for (int i = works.size() - 1; i >= 0; i--) {
      waiting.addFirst(works.get(i));
    }
    sent = new Batch(operation, List.of());
    sentInFormerLife = false;
    return sent;
  }

  /** Takes the lasting changes that wait; on their way or not. */
  List<Work> takeLasting() {
    List<Work> lasting = new ArrayList<>(waiting.stream().filter(Work::lasting).toList());
    waiting.removeAll(lasting);
    return lasting;
  }

  /** Whether this node has connections of the user. */
  boolean holds() {
    return known != null && holds(known.record(), lives::contains);
  }

  private static boolean holds(@Nullable UserRecord record, Predicate<String> mine) {
    return record != null
        && record.devices().stream()
            .anyMatch(device -> device.connected() && mine.test(device.node()));
  }

  /** Whether what is known is to be put back into what is there. */
  private boolean mustPutBack(Revised present, Predicate<String> former) {
    return superseding != null
        || (known != null && (present.lacks(known) || holds(known.record(), former)));
  }

  /**
   * Makes the batch that is on its way, after what is to be put back.
   *
   * @param attempt nothing is changed in it yet
   */
  Attempt attempt(Topic user, Attempt attempt, Listener listener) {
    if (!lives.contains(attempt.by())) {
      Set<String> more = new HashSet<>(lives);
      more.add(attempt.by());
      lives = Set.copyOf(more);
    }
    Predicate<String> former = id -> lives.contains(id) && !id.equals(attempt.by());
    UserRecord back = superseding;
    if (back == null && known != null) {
      back = known.record();
    }
    if (back != null && mustPutBack(attempt.before(), former)) {
      boolean latest = known != null && attempt.before().lacks(known);
      attempt.putBack(back, listener.back(user, back, latest, lives));
    }
    make(attempt, Objects.requireNonNull(sent).works());
    return attempt;
  }

  private static void make(Attempt attempt, List<Work> works) {
    works.stream().filter(work -> !work.made().isDone()).forEach(attempt::make);
  }

  /** The batch is made; whether this node had connections of the user, and has none any more. */
  boolean made(Attempt attempt, Revised present, boolean certainlyByThat) {
    boolean held = holds();
    sent = null;
    known = present.record() == null ? null : present;
    if (Objects.equals(superseding, attempt.putBack())) {
      superseding = null;
    }
    if (certainlyByThat) {
      lives = Set.of(attempt.by()); // what was there under former ids is put back
    } else {
      superseding = attempt.record(); // others may have taken it for a dead node's
      doubted = true;
    }
    return held && !holds();
  }

  /** What is sent of an attempt. */
  StatusCommands.Write write(Attempt attempt) {
    Batch batch = Objects.requireNonNull(sent);
    long basis = known == null ? 0 : known.basis();
    return new StatusCommands.Write(
        batch.operation(),
        attempt.before(),
        attempt.by(),
        batch.works().isEmpty() ? Math.max(basis, attempt.before().basis()) : 0,
        attempt.record(),
        attempt.due(),
        attempt.publications(),
        holds(attempt.record(), attempt.by()::equals));
  }

  /**
   * Remembers what changes come to, instead of them; with those on their way.
   *
   * @param by the id of this node
   */
  Attempt supersede(List<Work> lasting, Instant now, String by) {
    UserRecord base = superseding;
    if (base == null && known != null) {
      base = known.record();
    }
    Attempt attempt = new Attempt(new Revised(0, 0, base), now, by);
    if (superseding == null && sent != null) {
      make(attempt, sent.works());
    }
    make(attempt, lasting);
    superseding = attempt.record();
    return attempt;
  }
}
