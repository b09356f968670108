package dev.carillon.server.redis;

import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/** A command to Redis, or a script. */
@FunctionalInterface
interface Command<T> {
  /**
   * Adds it to what is sent next. Called on the thread of {@link RedisCommands}; once more if the
   * connection was lost before the answer came, or Redis could not do it then.
   *
   * @param again whether it was sent before, and may have been done
   */
  Response<T> send(AbstractPipeline pipeline, boolean again);
}
