package dev.carillon.benchmarks.nodes;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A redis-server that keeps nothing: that of {@code -Dredis=<path>}, or the embedded one. */
final class Redis implements AutoCloseable {
  private final int port = freePort();
  private final Process process;

  Redis(Path folder) throws IOException, InterruptedException {
    String path = System.getProperty("redis");
    process =
        new ProcessBuilder(
                path == null ? embedded(folder).toString() : path,
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("redis.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    while (!answers()) {
      Thread.sleep(50);
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no port is free", e);
    }
  }

  private static Path embedded(Path folder) throws IOException {
    String arch = System.getProperty("os.arch", "").equals("aarch64") ? "arm64" : "amd64";
    try (InputStream binary =
        Redis.class.getResourceAsStream("/redis-server-7.0.15-linux-" + arch)) {
      if (binary == null) {
        throw new IOException("no redis-server for this system: name one by -Dredis=<path>");
      }
      Path file = folder.resolve("redis-server");
      Files.copy(binary, file, StandardCopyOption.REPLACE_EXISTING);
      if (!file.toFile().setExecutable(true)) {
        throw new IOException("cannot make " + file + " executable");
      }
      return file;
    }
  }

  private boolean answers() {
    try (Jedis client = new Jedis("127.0.0.1", port)) {
      return client.ping().equals("PONG");
    } catch (JedisException notYet) {
      return false;
    }
  }

  int port() {
    return port;
  }

  /** How often each command was called, by clients or by scripts (INFO commandstats). */
  Map<String, Long> calls() {
    Map<String, Long> calls = new TreeMap<>();
    try (Jedis client = new Jedis("127.0.0.1", port)) {
      client
          .info("commandstats")
          .lines()
          .filter(line -> line.startsWith("cmdstat_"))
          .forEach(
              line ->
                  calls.put(
                      line.substring("cmdstat_".length(), line.indexOf(':')),
                      Long.valueOf(line.substring(line.indexOf('=') + 1, line.indexOf(',')))));
    }
    return calls;
  }

  /** What it uses of memory, in bytes (INFO memory). */
  long usedBytes() {
    try (Jedis client = new Jedis("127.0.0.1", port)) {
      return client
          .info("memory")
          .lines()
          .filter(line -> line.startsWith("used_memory:"))
          .mapToLong(line -> Long.parseLong(line.substring("used_memory:".length())))
          .sum();
    }
  }

  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
