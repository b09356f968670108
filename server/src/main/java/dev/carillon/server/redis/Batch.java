package dev.carillon.server.redis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Commands that are sent together.
 *
 * <p>Confined to the thread of {@link RedisCommands}.
 */
final class Batch {
  private final List<PendingCommand<?>> commands;
  private final List<PendingCommand<?>> unanswered = new ArrayList<>();
  private @Nullable JedisDataException passing;

  Batch(List<PendingCommand<?>> commands) {
    this.commands = commands;
  }

  /**
   * Does what has to be done before, at masters that may be others.
   *
   * @throws JedisDataException if it is not done; nothing may be sent then
   */
  void prepare(Shards redis) {
    boolean some = false;
    try (AbstractPipeline pipeline = redis.pipeline()) {
      for (PendingCommand<?> command : commands) {
        some |= !command.answer().isDone() && command.prepare(pipeline);
      }
    }
    for (PendingCommand<?> command : some ? commands : List.<PendingCommand<?>>of()) {
      JedisDataException error = command.unprepared();
      if (error != null) {
        throw error;
      }
    }
  }

  /**
   * Sends all and waits for the answers.
   *
   * @param preparing as well: one server does all in the order in which it is sent
   */
  void send(Shards redis, boolean preparing) {
    try (AbstractPipeline pipeline = redis.pipeline()) {
      for (PendingCommand<?> command : commands) {
        if (!command.answer().isDone()) {
          if (preparing) {
            command.prepare(pipeline);
          }
          command.send(pipeline);
        }
      }
    }
    for (PendingCommand<?> command : commands) {
      JedisDataException unprepared = command.unprepared();
      JedisDataException error = unprepared == null ? command.receive() : unprepared;
      if (error != null) {
        passing = error;
        unanswered.add(command);
      }
    }
  }

  /** What has to be sent again, in order. */
  List<PendingCommand<?>> unanswered() {
    return List.copyOf(unanswered);
  }

  /**
   * Tells why some have to be sent again, if there are any.
   *
   * @throws JedisDataException the last reason
   */
  void check() {
    if (passing != null) {
      throw passing;
    }
  }
}
