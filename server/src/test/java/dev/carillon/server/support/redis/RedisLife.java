package dev.carillon.server.support.redis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One life of a redis-server, as a process or in a container. Thread-safe. */
interface RedisLife {
  /**
   * Starts one, and returns when it listens.
   *
   * @param sentinel as a sentinel, which writes to its configuration
   * @throws IOException when it ended instead; the message has its log
   */
  static RedisLife start(Path configuration, boolean sentinel) throws IOException {
    return RedisInDocker.WANTED
        ? RedisInDocker.start(configuration, sentinel)
        : RedisProcess.start(configuration, sentinel);
  }

  boolean isAlive();

  /** What it printed until now. */
  List<String> log();

  /** By SIGTERM; a paused one is resumed for that. */
  void stop();

  /** By SIGKILL, paused or not. */
  void kill();

  void pause();

  void resume();
}
