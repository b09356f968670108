package dev.carillon.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Things in the order in which they came, each taken once. Thread-safe. */
final class Inbox<T> {
  static final Duration LIMIT = Duration.ofSeconds(15);

  private final String name;
  private final BlockingQueue<T> items = new LinkedBlockingQueue<>();

  Inbox(String name) {
    this.name = name;
  }

  void put(T item) {
    items.add(item);
  }

  T next() throws InterruptedException {
    return nextThat(item -> true, "anything", LIMIT);
  }

  /** The oldest item that fits; the ones before it are dropped. */
  T nextThat(Predicate<T> fits, String what, Duration limit) throws InterruptedException {
    var end = Instant.now().plus(limit);
    while (true) {
      var left = Duration.between(Instant.now(), end).toMillis();
      var item = items.poll(Math.max(0, left), TimeUnit.MILLISECONDS);
      if (item == null) {
        throw new AssertionError(name + ": not within " + limit + ": " + what);
      }
      if (fits.test(item)) {
        return item;
      }
    }
  }

  boolean isEmpty() {
    return items.isEmpty();
  }
}
