package dev.carillon.server.redis;

import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What this node had in Redis is no longer there, so a change of it was not made: the node puts all
 * of it back by itself.
 */
final class LifeEndedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  LifeEndedException() {
    super("the node's entries are put back", null, false, false);
  }

  /** Whether a stage has failed with it. */
  static boolean is(@Nullable Throwable failure) {
    return failure instanceof LifeEndedException
        || (failure instanceof CompletionException
            && failure.getCause() instanceof LifeEndedException);
  }
}
