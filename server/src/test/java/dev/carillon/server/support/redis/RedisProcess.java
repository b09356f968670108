package dev.carillon.server.support.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A life that is a process; ends with the JVM, however that ends. Thread-safe. */
final class RedisProcess implements RedisLife {
  private final RedisLog log = new RedisLog();
  private final Process process;

  private RedisProcess(Process process) {
    this.process = process;
  }

  /** As {@link RedisLife#start}. */
  static RedisProcess start(Path configuration, boolean sentinel) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(RedisBinary.path().toString());
    command.add(configuration.toString());
    if (sentinel) {
      command.add("--sentinel");
    }
    Process process =
        new ProcessBuilder(command)
            .directory(configuration.getParent().toFile())
            .redirectErrorStream(true)
            .start();
    RedisProcess started = new RedisProcess(process);
    started.endWithTheJvm();
    Thread reader = new Thread(started::readLog, "redis-log-" + process.pid());
    reader.setDaemon(true);
    reader.start();
    if (!started.log.isReady()) {
      started.kill();
      throw started.log.failure();
    }
    return started;
  }

  /** A pipe that closes when the JVM is gone, killed or not, and a shell that waits for that. */
  private void endWithTheJvm() throws IOException {
    Process watch =
        new ProcessBuilder("sh", "-c", "read -r _; kill -KILL " + process.pid())
            .redirectErrorStream(true)
            .start();
    process.onExit().thenRun(watch::destroyForcibly);
  }

  private void readLog() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        log.add(line);
      }
    } catch (IOException e) {
      log.add("cannot read what it prints: " + e);
    }
    log.end();
  }

  @Override
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public List<String> log() {
    return log.lines();
  }

  @Override
  public void stop() {
    if (isAlive()) {
      resume();
      process.toHandle().destroy(); // the process' own method closes the log first
      awaitExit();
    }
  }

  @Override
  public void kill() {
    process.toHandle().destroyForcibly();
    awaitExit();
  }

  @Override
  public void pause() {
    signal("STOP");
  }

  @Override
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start();
      if (kill.waitFor() != 0) {
        throw new AssertionError("cannot send SIG" + name + " to redis-server " + process.pid());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private void awaitExit() {
    try {
      if (!process.waitFor(RedisLog.SECONDS_AT_MOST, TimeUnit.SECONDS) || !log.isComplete()) {
        process.destroyForcibly();
        throw new AssertionError("redis-server did not end in time:\n" + log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
