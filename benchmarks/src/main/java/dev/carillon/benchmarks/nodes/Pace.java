package dev.carillon.benchmarks.nodes;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** When load is given: so many a second, or so many at once. Thread-safe: it keeps nothing. */
final class Pace {
  private Pace() {}

  /** Begins the task so often a second, whatever the earlier ones take; waits for all. */
  static void everyTick(int perSecond, int seconds, IntFunction<Future<?>> task)
      throws InterruptedException {
    long begun = System.nanoTime();
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < perSecond * seconds; i++) {
      TimeUnit.NANOSECONDS.sleep(begun + i * (1_000_000_000L / perSecond) - System.nanoTime());
      all.add(task.apply(i));
    }
    await(all);
  }

  /** Begins the next task when one of so many has ended; waits for all. */
  static void atOnce(int width, int times, IntFunction<CompletableFuture<?>> task)
      throws InterruptedException {
    Semaphore free = new Semaphore(width);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      free.acquire();
      all.add(task.apply(i).whenComplete((done, failed) -> free.release()));
    }
    await(all);
  }

  private static void await(List<Future<?>> all) throws InterruptedException {
    for (Future<?> each : all) {
      try {
        each.get();
      } catch (ExecutionException failed) {
        throw new IllegalStateException(failed);
      }
    }
  }
}
