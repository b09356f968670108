package dev.carillon.server.support.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One life of a redis-server; ends with the JVM, however that ends. Thread-safe. */
final class RedisProcess {
  private static final int SECONDS_AT_MOST = 10;
  private static final List<String> READY =
      List.of("Ready to accept connections", "Sentinel ID is ");

  private final Process process;
  private final Thread logReader;
  private final Queue<String> log = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Boolean> ready = new CompletableFuture<>();

  private RedisProcess(Process process) {
    this.process = process;
    logReader = new Thread(this::readLog, "redis-log-" + process.pid());
    logReader.setDaemon(true);
  }

  /**
   * Starts one, and returns when it listens.
   *
   * @param sentinel as a sentinel, which writes to its configuration
   * @throws IOException when it ended instead; the message has its log
   */
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
    started.logReader.start();
    if (!started.isReady()) {
      throw new IOException("redis-server did not start:\n" + String.join("\n", started.log));
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
        if (READY.stream().anyMatch(line::contains)) {
          ready.complete(true);
        }
      }
      ready.complete(false);
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  private boolean isReady() throws IOException {
    try {
      return ready.get(SECONDS_AT_MOST, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (TimeoutException e) {
      kill();
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** What it printed until now. */
  List<String> log() {
    return List.copyOf(log);
  }

  /** By SIGTERM; a paused one is resumed for that. */
  void stop() {
    if (isAlive()) {
      signal("CONT");
      process.toHandle().destroy(); // the process' own method closes the log first
      awaitExit();
    }
  }

  void kill() {
    process.toHandle().destroyForcibly();
    awaitExit();
  }

  void signal(String name) {
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
      if (!process.waitFor(SECONDS_AT_MOST, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            "redis-server did not end within "
                + SECONDS_AT_MOST
                + " s:\n"
                + String.join("\n", log));
      }
      logReader.join(TimeUnit.SECONDS.toMillis(SECONDS_AT_MOST));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
