package dev.carillon.server.redis;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.server.status.StatusStore.At;
import dev.carillon.server.status.StatusStore.Change;
import dev.carillon.server.status.StatusStore.Changed;
import dev.carillon.server.status.StatusStore.Publication;
import dev.carillon.server.status.UserRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What changes of one user come to, made one after the other on a record that is believed to be the
 * present one. If it is not, another attempt is made.
 *
 * <p>Confined to one thread at a time.
 */
final class Attempt {
  private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

  /**
   * A change that was asked for.
   *
   * @param lasting as {@link dev.carillon.server.status.StatusStore#change} has it
   * @param looks whether it writes when the record is due again, also if nothing else is changed
   * @param calledAt when, as of {@link System#nanoTime}
   */
  record Work(
      Change change,
      boolean lasting,
      boolean looks,
      long calledAt,
      CompletableFuture<Optional<UserRecord>> made) {
    /** Called for now. */
    Work(Change change, boolean lasting, boolean looks) {
      this(change, lasting, looks, System.nanoTime(), new CompletableFuture<>());
    }
  }

  private final Revised before;
  private final Instant now;
  private final long nanoTime = System.nanoTime();
  private final String by;
  private final List<Publication> publications = new ArrayList<>();
  private final List<Changed> updates = new ArrayList<>();
  private final IdentityHashMap<Work, Object> results = new IdentityHashMap<>();
  private @Nullable UserRecord record;
  private @Nullable Instant due;
  private @Nullable UserRecord putBack;
  private boolean looks;
  private boolean failed;

  /**
   * Nothing is changed yet.
   *
   * @param by the id of this node
   */
  Attempt(Revised before, Instant now, String by) {
    this.before = before;
    this.record = before.record();
    this.now = now;
    this.by = by;
  }

  /**
   * Puts back what is not there.
   *
   * @param known what it is taken from
   * @param change none if the user's app is not known any more
   */
  void putBack(@Nullable UserRecord known, Optional<Change> change) {
    putBack = known;
    change.ifPresent(back -> make(back, now));
  }

  /** From what something was put back; {@code null} if from nothing. */
  @Nullable UserRecord putBack() {
    return putBack;
  }

  private void make(Change change, Instant happened) {
    Changed changed = change.of(record, new At(now, happened, by));
    record = changed.after();
    due = changed.due();
    looks = true;
    publications.addAll(changed.publications());
    if (changed.update() != null) {
      updates.add(changed);
    }
  }

  /** Makes a change; what is wrong with it concerns it alone. */
  void make(Work work) {
    boolean looked = looks;
    try {
      make(work.change, now.minusNanos(Math.max(0, nanoTime - work.calledAt)));
      results.put(work, Optional.ofNullable(record));
      looks = looked || work.looks;
    } catch (ProtocolException mistake) {
      failed(work, mistake);
    } catch (RuntimeException bug) {
      LOG.error("Change of a user's status failed", bug);
      failed(work, bug);
    }
  }

  private void failed(Work work, RuntimeException failure) {
    results.put(work, failure);
    failed = true;
  }

  Revised before() {
    return before;
  }

  Instant now() {
    return now;
  }

  String by() {
    return by;
  }

  /** What is kept then. */
  @Nullable UserRecord record() {
    return record;
  }

  @Nullable Instant due() {
    return due;
  }

  List<Publication> publications() {
    return publications;
  }

  /** What others are told by that, in its order. */
  List<Changed> updates() {
    return updates;
  }

  /** Whether nothing is to be written. */
  boolean changesNothing() {
    return !looks && publications.isEmpty() && Objects.equals(before.record(), record);
  }

  /** Whether a change was refused, maybe since the record is not the present one. */
  boolean refused() {
    return failed;
  }

  /** Tells those who asked what has become of their changes. */
  void complete(List<Work> works) {
    for (Work work : works) {
      Object result = results.get(work);
      if (result instanceof RuntimeException failure) {
        work.made.completeExceptionally(failure);
      } else {
        work.made.complete(Optional.ofNullable(record(result)));
      }
    }
  }

  private static @Nullable UserRecord record(@Nullable Object result) {
    return result instanceof Optional<?> kept
        ? (UserRecord) kept.orElse(null)
        : null; // was given up before, and so is completed already
  }
}
