package dev.carillon.benchmarks.nodes;

import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.auth.RequestAuth;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One {@code serve} process, started as ./carillon does, on free ports of loopback. */
final class Node implements AutoCloseable {
  static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  static final Credentials APP = new Credentials("key", "secret");
  private static final String JAR = System.getProperty("jar", "server/target/carillon-server.jar");

  private final int port = Redis.freePort();
  private final int adminPort = Redis.freePort();
  private final Process process;

  /**
   * Starts it; it may not be ready yet.
   *
   * @param redis null for a node without scaling
   * @param statuses whether users have a status
   * @param settings more lines of its configuration
   */
  Node(Path folder, @Nullable Redis redis, boolean statuses, String settings) throws IOException {
    Path config = folder.resolve("node-" + port + ".yaml");
    Files.writeString(
        config,
        """
        server: {host: 127.0.0.1, port: %d, warm_up: none, data_dir: "%s"}
        admin: {host: 127.0.0.1, port: %d}
        apps: [{id: "1", key: key, secret: secret, ping_interval: 600, status: {enabled: %b}}]
        """
                .formatted(port, folder.resolve("data-" + port), adminPort, statuses)
            + (redis == null
                ? ""
                : "scaling: {enabled: true, redis: {url: \"redis://127.0.0.1:%d\"}}\n"
                    .formatted(redis.port()))
            + settings);
    process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xmn6m",
                    "-Xms12m",
                    "-Xss256k",
                    "-jar",
                    JAR,
                    "serve",
                    "--config",
                    config.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("node-" + port + ".log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  void awaitReady() throws InterruptedException {
    while (process.isAlive()) {
      try {
        if (get("/ready").statusCode() == 200) {
          return;
        }
      } catch (IOException notYet) {
        Thread.sleep(50);
      }
    }
    throw new IllegalStateException("node has ended: see its log");
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** The sum of a metric over its labels. */
  double metric(String name) throws IOException, InterruptedException {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  int port() {
    return port;
  }

  /** What the process holds of the machine's memory after a garbage collection, in bytes. */
  long residentBytes() throws IOException, InterruptedException {
    jcmd("GC.run");
    jcmd("GC.run"); // what the first one's finalizers let go
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum()
        * 1024;
  }

  /** The objects that are alive, in bytes. */
  long liveBytes() throws IOException, InterruptedException {
    String total = jcmd("GC.class_histogram").lines().reduce("", (before, line) -> line);
    return Long.parseLong(total.replaceAll("Total +\\d+ +", "").trim()); // after the instances
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home", ""), "bin", "jcmd").toString(),
                Long.toString(process.pid()),
                command)
            .redirectErrorStream(true)
            .start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (jcmd.waitFor() != 0) {
      throw new IOException(command + ": " + said);
    }
    return said;
  }

  Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Triggers one event for each of those channels, in one request; its data is that. */
  CompletableFuture<Void> trigger(List<String> channels, String data) {
    StringBuilder batch = new StringBuilder();
    for (String channel : channels) {
      batch
          .append(batch.isEmpty() ? "" : ",")
          .append("{\"name\":\"e\",\"channel\":\"%s\",\"data\":\"%s\"}".formatted(channel, data));
    }
    return post("/apps/1/batch_events", "{\"batch\":[" + batch + "]}");
  }

  /** A signed request of the app's server. */
  CompletableFuture<Void> post(String path, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String query = RequestAuth.signedQuery(APP, "POST", path, Map.of(), body, Instant.now());
    return HTTP.sendAsync(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path + "?" + query))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .thenAccept(Node::body);
  }

  /** A signed request of the app's server; returns the answer. */
  String get(String path, Map<String, String> parameters) throws IOException, InterruptedException {
    String query =
        RequestAuth.signedQuery(APP, "GET", path, parameters, new byte[0], Instant.now());
    URI uri = URI.create("http://127.0.0.1:" + port + path + "?" + query);
    return body(
        HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()));
  }

  private static String body(HttpResponse<String> answer) {
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  /**
   * Connects and subscribes to public channels; returns when it is subscribed to all.
   *
   * @param onEvent gets each event's frame
   */
  WebSocket subscribe(List<String> channels, Consumer<String> onEvent) throws InterruptedException {
    CountDownLatch subscribed = new CountDownLatch(channels.size());
    WebSocket socket =
        HTTP.newWebSocketBuilder()
            .buildAsync(
                URI.create("ws://127.0.0.1:" + port + "/app/key?protocol=7"),
                new Listener(subscribed, onEvent))
            .join();
    for (String channel : channels) {
      socket
          .sendText(
              "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"%s\"}}".formatted(channel),
              true)
          .join();
    }
    subscribed.await();
    return socket;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Confined to the thread that its WebSocket calls on. */
  private static final class Listener implements WebSocket.Listener {
    private final CountDownLatch subscribed;
    private final Consumer<String> onEvent;
    private final StringBuilder text = new StringBuilder();

    Listener(CountDownLatch subscribed, Consumer<String> onEvent) {
      this.subscribed = subscribed;
      this.onEvent = onEvent;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        String frame = text.toString();
        text.setLength(0);
        if (frame.startsWith("{\"event\":\"e\"")) {
          onEvent.accept(frame);
        } else if (frame.contains("subscription_succeeded")) {
          subscribed.countDown();
        }
      }
      socket.request(1);
      return null;
    }
  }
}
