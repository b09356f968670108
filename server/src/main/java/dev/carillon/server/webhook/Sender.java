package dev.carillon.server.webhook;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Posts deliveries, each on a thread of its own: an endpoint has at most one under way, so a slow
 * one makes nobody wait.
 *
 * <p>Thread-safe.
 */
final class Sender implements AutoCloseable {
  private static final Outcome LATE = new Outcome(false, "no answer in time");

  private final Network network;
  private final AtomicInteger number = new AtomicInteger();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "webhook-sender-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });

  Sender() {
    this(Network.system());
  }

  Sender(Network network) {
    this.network = network;
  }

  /**
   * What became of an attempt.
   *
   * @param taken whether the endpoint took it
   * @param answer as people are told: its status, or why there is none
   */
  record Outcome(boolean taken, String answer) {
    private static Outcome of(int status) {
      return new Outcome(status >= 200 && status < 300, "status " + status);
    }

    private static Outcome failed(Throwable e) {
      String message = e.getMessage();
      if (e instanceof SocketTimeoutException) {
        return LATE;
      }
      if (e instanceof UnknownHostException) {
        return new Outcome(false, "no such host");
      }
      return new Outcome(
          false, message == null || message.isEmpty() ? e.getClass().getSimpleName() : message);
    }
  }

  /** Posts it once; the stage never fails. */
  CompletionStage<Outcome> post(Endpoint endpoint, Delivery delivery) {
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    Attempt attempt = new Attempt(endpoint, delivery, network);
    long millis = endpoint.config().timeout().toMillis();
    threads.execute(() -> outcome.complete(run(attempt)));
    return outcome
        .completeOnTimeout(LATE, millis, TimeUnit.MILLISECONDS)
        .whenComplete((done, never) -> attempt.abandon());
  }

  private static Outcome run(Attempt attempt) {
    try {
      return Outcome.of(attempt.run());
    } catch (IOException | RuntimeException e) {
      return Outcome.failed(e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
