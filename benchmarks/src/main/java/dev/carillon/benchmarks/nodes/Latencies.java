package dev.carillon.benchmarks.nodes;

import java.util.concurrent.ConcurrentLinkedQueue;

/** How long things took. Thread-safe. */
final class Latencies {
  private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();

  /** Counts one that began then, by {@link System#nanoTime()}, and ends now. */
  void since(long begun) {
    nanos.add(System.nanoTime() - begun);
  }

  /** In how many milliseconds that part of them, like 0.5 or 0.99, was done; NaN if none was. */
  double millis(double part) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    return sorted.length == 0 ? Double.NaN : sorted[(int) (part * (sorted.length - 1))] / 1e6;
  }

  int size() {
    return nanos.size();
  }

  void clear() {
    nanos.clear();
  }
}
