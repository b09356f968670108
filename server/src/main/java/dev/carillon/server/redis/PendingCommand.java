package dev.carillon.server.redis;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * A command that waits to be sent or answered.
 *
 * <p>The answer may be completed by anybody; the rest is confined to the thread of {@link
 * RedisCommands}.
 */
final class PendingCommand<T> {
  /** Never given up. */
  static final long NO_DEADLINE = Long.MAX_VALUE;

  private final Command<T> command;
  private final boolean kept;
  private final long deadline;
  private final CompletableFuture<T> answer = new CompletableFuture<>();
  private @Nullable Response<T> response;
  private @Nullable Response<?> preparation;
  private boolean mayBeDone;

  /**
   * A command.
   *
   * @param kept whether it changes what the node keeps in Redis
   * @param deadline as of {@link System#nanoTime}
   */
  PendingCommand(Command<T> command, boolean kept, long deadline) {
    this.command = command;
    this.kept = kept;
    this.deadline = deadline;
  }

  CompletableFuture<T> answer() {
    return answer;
  }

  boolean kept() {
    return kept;
  }

  boolean isOver(long now) {
    return deadline != NO_DEADLINE && now - deadline >= 0;
  }

  /** Whether there is something that has to be done before. */
  boolean prepare(AbstractPipeline pipeline) {
    preparation = command.prepare(pipeline);
    return preparation != null;
  }

  /** The error of Redis by which the preparation failed, if it did. */
  @Nullable JedisDataException unprepared() {
    Response<?> received = preparation;
    preparation = null;
    try {
      if (received != null) {
        received.get();
      }
      return null;
    } catch (JedisDataException error) {
      mayBeDone |= response != null; // was sent along with it
      return error;
    }
  }

  void send(AbstractPipeline pipeline) {
    try {
      response = command.send(pipeline, mayBeDone);
    } catch (RuntimeException bug) {
      answer.completeExceptionally(bug); // it would stand in the way of all others
    }
  }

  /**
   * Hands the answer on.
   *
   * @return the error of Redis if it may go away by itself, else {@code null}
   */
  @Nullable JedisDataException receive() {
    Response<T> received = response;
    response = null;
    if (received == null) {
      return null; // was given up before it was sent
    }
    T value;
    try {
      value = received.get();
    } catch (JedisDataException error) {
      if (RedisErrors.passes(error)) {
        mayBeDone |= RedisErrors.mayBeDone(error);
        return error;
      }
      answer.completeExceptionally(error);
      return null;
    } catch (RuntimeException unreadable) {
      answer.completeExceptionally(unreadable);
      return null;
    }
    answer.complete(value);
    return null;
  }
}
