package dev.carillon.server.session;

import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Brings what completes elsewhere back to an event loop. */
final class Completions {
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
    if (future.isDone()) {
      future.whenComplete(action);
    } else {
      future.whenCompleteAsync(action, loop);
    }
  }
}
