package dev.carillon.auth.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Does what blocks or takes long, on threads of its own: so many at once, and so many more that
 * wait. Beyond that it is refused at once, so that what waits is still wanted when its turn comes.
 *
 * <p>Thread-safe; never blocks.
 */
final class BoundedWork {
  private final WorkerExecutor threads;
  private final int max;
  private final AtomicInteger pending = new AtomicInteger();

  /**
   * @param name of the threads
   * @param running at once at most
   * @param waiting besides at most
   */
  BoundedWork(Vertx vertx, String name, int running, int waiting) {
    this.threads = vertx.createSharedWorkerExecutor(name, running);
    this.max = running + waiting;
  }

  /** What that returns or throws; fails with a {@link Refusal} 503 if too much waits already. */
  <T> Future<T> call(Callable<T> work) {
    if (pending.incrementAndGet() > max) {
      pending.decrementAndGet();
      return Future.failedFuture(
          Refusal.unavailable("Too many requests at once. Please try again."));
    }
    return threads.executeBlocking(work, false).onComplete(done -> pending.decrementAndGet());
  }
}
