package dev.carillon.server.cluster;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.carillon.cli.Carillon;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.LoopbackPorts;
import dev.carillon.server.support.TestApi;
import dev.carillon.server.support.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A node that runs as a process of its own, to be killed and paused.
 *
 * <p>Confined to one thread.
 */
final class NodeProcess implements AutoCloseable {
  private final String name;
  private final Path folder;
  private final Path config;
  private final int port = LoopbackPorts.free();
  private final int adminPort = LoopbackPorts.free();
  private Process process;

  /**
   * Starts a node, and waits until it wants traffic. Users have no status there: what clients get
   * is what the protocol says.
   *
   * @param folder for its configuration and its log
   * @param scaling the section of the configuration, in YAML's flow style
   */
  NodeProcess(String name, Path folder, String scaling) {
    this(name, folder, scaling, false, "{}");
  }

  /** The same with statuses, by the rules of that section of the configuration. */
  static NodeProcess withStatuses(String name, Path folder, String scaling, String status) {
    return new NodeProcess(name, folder, scaling, true, status);
  }

  private NodeProcess(
      String name, Path folder, String scaling, boolean statuses, String statusRules) {
    this.name = name;
    this.folder = folder;
    this.config = folder.resolve(name + ".yaml");
    write(
        config,
        """
        server: {host: 127.0.0.1, port: %d, warm_up: none, drain_seconds: 2, event_loops: 2, data_dir: %s}
        admin: {host: 127.0.0.1, port: %d}
        apps: [{id: "3", key: %s, secret: %s, status: {enabled: %s}}]
        scaling: %s
        status: %s
        """
            .formatted(
                port,
                folder.resolve(name + "-data"),
                adminPort,
                TestServer.KEY,
                TestServer.SECRET,
                statuses,
                scaling,
                statusRules));
    this.process = run();
    awaitReady();
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process run() {
    try {
      Process started =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Carillon.class.getName(),
                  "serve",
                  "--config",
                  config.toString())
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile()))
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it wants traffic. */
  void awaitReady() {
    Await.until(name + " is ready", Duration.ofSeconds(30), Duration.ofMillis(50), this::ready);
  }

  boolean ready() {
    try {
      return admin().send("GET", "/ready", "").statusCode() == 200;
    } catch (RuntimeException notYet) {
      return false;
    }
  }

  private TestApi admin() {
    return new TestApi("http://127.0.0.1:" + adminPort, "", "3", TestServer.CREDENTIALS);
  }

  int port() {
    return port;
  }

  TestApi api() {
    return new TestApi("http://127.0.0.1:" + port, "", "3", TestServer.CREDENTIALS);
  }

  /** Ends it without a word (kill -9). */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Starts it again, after {@link #kill} or {@link #terminate}. */
  void startAgain() {
    process = run();
    awaitReady();
  }

  /** Ends it as an operator does (SIGTERM); its exit code. */
  int terminate() {
    process.destroy();
    return process.onExit().join().exitValue();
  }

  /** Stops it without ending it (SIGSTOP). */
  void pause() {
    signal("STOP");
  }

  /** Lets it go on (SIGCONT). */
  void resume() {
    signal("CONT");
  }

  private void signal(String signal) {
    try {
      Process kill =
          new ProcessBuilder(List.of("kill", "-" + signal, String.valueOf(process.pid()))).start();
      if (!kill.waitFor(10_000, MILLISECONDS) || kill.exitValue() != 0) {
        throw new IllegalStateException("kill -" + signal + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What it has logged. */
  String log() {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  @Override
  public String toString() {
    return name;
  }
}
