package dev.carillon.server.support.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A real redis-server on a free port of the loopback address; it keeps nothing on disk. */
public final class RedisServer implements AutoCloseable {
  private static final long START_AT_MOST_MILLIS = 10_000;

  private final int port;
  private final List<String> options;
  private final Path directory;
  private Process process;

  private RedisServer(int port, List<String> options) {
    this.port = port;
    this.options = List.copyOf(options);
    try {
      this.directory = Files.createTempDirectory("redis");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.process = run();
  }

  /** Starts one, with those options of redis.conf besides: name, value, name, value. */
  public static RedisServer start(String... options) {
    return new RedisServer(freePort(), List.of(options));
  }

  /** A port that was free a moment ago. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process run() {
    List<String> command = new ArrayList<>();
    command.add(RedisBinary.file().toString());
    command.addAll(List.of("--port", String.valueOf(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--save", "", "--dir", directory.toString()));
    for (int i = 0; i < options.size(); i += 2) {
      command.add("--" + options.get(i));
      command.addAll(List.of(options.get(i + 1).split(" ")));
    }
    try {
      Process started =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
      awaitAnswer(started);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitAnswer(Process started) throws IOException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_AT_MOST_MILLIS);
    while (true) {
      try (Jedis jedis = new Jedis("127.0.0.1", port)) {
        jedis.sendCommand(redis.clients.jedis.Protocol.Command.PING);
        return;
      } catch (redis.clients.jedis.exceptions.JedisDataException answered) {
        return; // it wants a password
      } catch (JedisException notYet) {
        if (!started.isAlive() || System.nanoTime() > until) {
          throw new IllegalStateException(
              "redis-server does not answer: " + Files.readString(directory.resolve("log")));
        }
      }
    }
  }

  public int port() {
    return port;
  }

  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** A client of the test's own. */
  public Jedis client() {
    return new Jedis("127.0.0.1", port);
  }

  /** Ends it at once (kill -9). */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Starts it again on its port, empty, after {@link #kill}. */
  public void startAgain() {
    process = run();
  }

  /** Stops it without ending it (SIGSTOP). */
  public void pause() {
    signal("STOP");
  }

  /** Lets it go on (SIGCONT). */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      int exit =
          new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("kill -" + name + " gave " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
