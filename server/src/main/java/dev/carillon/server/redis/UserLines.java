package dev.carillon.server.redis;

import dev.carillon.server.broker.Topic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The lines of the users that this node knows: of those with connections here, and of others who
 * were changed here lately.
 *
 * <p>Thread-safe. The map entry of a user is the lock; what was decided under it is done after it.
 */
final class UserLines {
  /** So many users are known who have no connection here. */
  private static final int MAX_SPARE = 10_000;

  /** Something that is done with a user's line; what it adds is done when the entry is free. */
  interface Step {
    void take(UserLine line, List<Runnable> then);
  }

  private final ConcurrentMap<Topic, UserLine> lines = new ConcurrentHashMap<>();
  private final Queue<Topic> spare = new ConcurrentLinkedQueue<>();
  private final AtomicInteger spareCount = new AtomicInteger();
  private final BiConsumer<Topic, @Nullable Instant> forgotten;

  /**
   * None yet.
   *
   * @param forgotten is told of who is forgotten, and when this node had put in that they are due
   */
  UserLines(BiConsumer<Topic, @Nullable Instant> forgotten) {
    this.forgotten = forgotten;
  }

  /** Does something with the line of a user. */
  void with(Topic user, Step step) {
    List<Runnable> then = new ArrayList<>(4);
    lines.compute(
        user,
        (u, existing) -> {
          UserLine line = existing == null ? new UserLine() : existing;
          step.take(line, then);
          return kept(u, line, then) ? line : null;
        });
    then.forEach(Runnable::run);
  }

  /** Whether a line may be needed. */
  private boolean kept(Topic user, UserLine line, List<Runnable> then) {
    if (!line.idle() || line.holds()) {
      return true;
    }
    if (line.known != null && !line.spare) {
      line.spare = true;
      spare.add(user);
      if (spareCount.incrementAndGet() > MAX_SPARE) {
        then.add(this::forgetOne);
      }
    }
    return line.known != null;
  }

  private void forgetOne() {
    Topic oldest = spare.poll();
    if (oldest != null) {
      spareCount.decrementAndGet();
      lines.computeIfPresent(
          oldest,
          (user, line) -> {
            line.spare = false;
            if (!line.idle() || line.holds()) {
              return line;
            }
            forgotten.accept(user, line.due);
            return null;
          });
    }
  }

  /** Does something with the lines of all. */
  void withEach(Consumer<Topic> step) {
    lines.keySet().forEach(step);
  }

  /** Whether there are connections of a user, or changes that wait. */
  boolean has(Topic topic) {
    boolean[] has = new boolean[1];
    lines.computeIfPresent(
        topic,
        (user, line) -> {
          has[0] = !line.idle() || line.holds();
          return line;
        });
    return has[0];
  }
}
