package dev.carillon.server.session;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.server.broker.UnavailableException;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings what completes elsewhere back to an event loop. */
final class Completions {
  private static final Logger LOG = LoggerFactory.getLogger(Completions.class);

  private Completions() {}

  /**
   * Calls with the value or the failure, on that loop; at once if the stage is complete already.
   * Called on the loop.
   */
  static <T> void on(
      EventLoop loop,
      CompletionStage<T> stage,
      BiConsumer<? super @Nullable T, ? super @Nullable Throwable> action) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    CompletableFuture<T> acted =
        future.isDone() ? future.whenComplete(action) : future.whenCompleteAsync(action, loop);
    acted.whenComplete((value, failure) -> report(future, failure));
  }

  /**
   * What to answer when a stage has failed: the mistake that it failed with, or that something is
   * out of reach, else that the fault is ours, which is logged.
   *
   * @param what was being done
   */
  static ProtocolException mistake(String what, @Nullable Throwable failure) {
    UnavailableException unavailable = UnavailableException.in(failure);
    if (unavailable != null) {
      return ProtocolException.unavailable(unavailable.text());
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof ProtocolException mistake) {
      return mistake;
    }
    LOG.error("{} failed", what, cause);
    return ProtocolException.invalid("Internal error");
  }

  /**
   * What the stage itself failed with, the action was told; what is left is the action's own fault.
   */
  private static void report(CompletableFuture<?> future, @Nullable Throwable failure) {
    if (failure != null && !future.isCompletedExceptionally()) {
      LOG.error("Completing failed", failure);
    }
  }
}
