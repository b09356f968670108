package dev.carillon.server.redis;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/** A command to Redis, or a script. */
@FunctionalInterface
interface Command<T> {
  /**
   * Adds it to what is sent next. Called on the thread of {@link RedisCommands}; once more if no
   * answer came, or one that says that it cannot be done at the moment.
   *
   * @param again whether it was sent before, and may have been done
   */
  Response<T> send(AbstractPipeline pipeline, boolean again);

  /**
   * Adds what has to be done before it. Called as {@link #send} is, and before it; each time.
   *
   * @return {@code null} if there is nothing
   */
  default @Nullable Response<?> prepare(AbstractPipeline pipeline) {
    return null;
  }
}
