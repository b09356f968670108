package dev.carillon.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * {@code carillon serve} as a process of its own, on free ports of the loopback interface. Confined
 * to the test's thread.
 */
final class Product implements AutoCloseable {
  static final String APP_ID = "app-id";
  static final String APP_KEY = "app-key";
  static final String APP_SECRET = "app-secret";

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(50);

  private final Path root = Path.of(System.getProperty("carillon.root", "..")).toAbsolutePath();
  private final int port = freePort();
  private final Path log;
  private final Path config;
  private Process process;

  private Product(Path directory) throws IOException {
    log = directory.resolve("carillon.log");
    config = directory.resolve("config.yaml");
    Files.writeString(
        config,
        """
        server: {host: 127.0.0.1, port: %d, drain_seconds: 1, warm_up: none}
        admin: {host: 127.0.0.1, port: %d}
        apps:
          - {id: %s, key: %s, secret: %s}
        """
            .formatted(port, freePort(), APP_ID, APP_KEY, APP_SECRET));
    process = launch();
  }

  /** Starts the product and returns when {@code GET /up} has answered 200. */
  static Product start(Path directory) throws IOException, InterruptedException {
    var product = new Product(directory);
    product.awaitUp();
    return product;
  }

  int port() {
    return port;
  }

  /** Stops the process as an operator would and starts another one on the same port. */
  void restart() throws IOException, InterruptedException {
    stop();
    process = launch();
    awaitUp();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    stop();
  }

  private void stop() throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw failure("it is still there " + STOP_LIMIT + " after SIGTERM");
    }
    if (process.exitValue() != 0) {
      throw failure("exit code after SIGTERM: got " + process.exitValue() + ", expected 0");
    }
  }

  private Process launch() throws IOException {
    return new ProcessBuilder(launcher(), "serve", "--config", config.toString())
        .directory(root.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private String launcher() {
    var other = System.getenv("CARILLON");
    return other != null ? other : root.resolve("carillon").toString();
  }

  private void awaitUp() throws IOException, InterruptedException {
    var end = Instant.now().plus(START_LIMIT);
    while (!isUp()) {
      if (process.waitFor(BETWEEN_QUESTIONS.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failure("it ended with " + process.exitValue());
      }
      if (Instant.now().isAfter(end)) {
        process.destroyForcibly();
        throw failure("GET /up does not answer 200 within " + START_LIMIT);
      }
    }
  }

  private boolean isUp() throws InterruptedException {
    var up = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/up")).build();
    try {
      return HttpClient.newHttpClient().send(up, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notListeningYet) {
      return false;
    }
  }

  private AssertionError failure(String what) throws IOException {
    return new AssertionError("carillon serve: " + what + "\n" + Files.readString(log));
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
