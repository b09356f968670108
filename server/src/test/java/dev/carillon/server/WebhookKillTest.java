package dev.carillon.server;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.cli.Carillon;
import dev.carillon.protocol.auth.ChannelAuth;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.server.support.LoopbackPorts;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestEndpoint;
import dev.carillon.server.support.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process, killed over and over while events happen. What a client has seen was accepted:
 * another client's event, or that a channel was joined. All of it must arrive.
 */
class WebhookKillTest {
  private static final int ROUNDS = 6;
  private static final String ROOM = "private-room";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path folder;

  private final Random random = new Random(7);

  /** A client that notes what it sees, until the process is gone. */
  private static final class Witness implements WebSocket.Listener {
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final Set<String> seen;
    private final StringBuilder text = new StringBuilder();
    private final WebSocket socket;
    private final SocketId id;

    Witness(int port, Set<String> seen) throws InterruptedException {
      this.seen = seen;
      String url = "ws://127.0.0.1:" + port + "/app/" + TestServer.KEY + "?protocol=7";
      this.socket = HTTP.newWebSocketBuilder().buildAsync(URI.create(url), this).join();
      JsonNode data = TestClient.json(next().path("data").asText());
      this.id = new SocketId(data.path("socket_id").asText());
    }

    private JsonNode next() throws InterruptedException {
      String frame = frames.poll(10, TimeUnit.SECONDS);
      assertThat(frame).isNotNull();
      return TestClient.json(String.valueOf(frame));
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        note(text.toString());
        text.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void note(String frame) {
      JsonNode json = TestClient.json(frame);
      if (json.path("event").asText().equals("client-n")) {
        seen.add("event " + json.path("data").asText());
      } else if (json.path("event").asText().endsWith("subscription_succeeded")) {
        seen.add("occupied " + json.path("channel").asText());
      }
      frames.add(frame);
    }

    void join(String channel) {
      String auth =
          channel.startsWith("private-")
              ? ChannelAuth.sign(TestServer.CREDENTIALS, id, ChannelName.of(channel), null)
              : "";
      send(
          "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"%s\",\"auth\":\"%s\"}}"
              .formatted(channel, auth));
    }

    /** Whether it was handed to the socket. */
    boolean send(String frame) {
      try {
        socket.sendText(frame, true).join();
        return true;
      } catch (CompletionException e) {
        return false;
      }
    }
  }

  private Path configure(int port, TestEndpoint endpoint) throws IOException {
    return Files.writeString(
        folder.resolve("config.yaml"),
        """
        server: {host: 127.0.0.1, port: %d, warm_up: none}
        admin: {port: 0}
        logging: {level: info}
        apps:
          - id: 3
            key: %s
            secret: %s
            client_events_per_second: 100000
            webhook_patience: 1
            webhooks: [{url: "%s"}]
        """
            .formatted(port, TestServer.KEY, TestServer.SECRET, endpoint.url()));
  }

  private static Process start(Path config) throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of(
            java,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            classPath,
            Carillon.class.getName(),
            "serve",
            "--config",
            config.toString());
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Reads what it says until it listens, and on, so that it is never held up. */
  private static void awaitListening(Process process) throws Exception {
    CompletableFuture<Void> listening = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader said = process.inputReader()) {
                said.lines()
                    .filter(line -> line.contains("Server listening"))
                    .forEach(line -> listening.complete(null));
              } catch (IOException | UncheckedIOException killed) {
                listening.completeExceptionally(killed);
              }
              listening.completeExceptionally(new IOException("it ended"));
            });
    reader.setDaemon(true);
    reader.start();
    listening.get(60, TimeUnit.SECONDS);
  }

  /** Sends and joins for a while, then kills it at a moment of chance. */
  private void round(int number, int port, Path config, Set<String> seen) throws Exception {
    Process process = start(config);
    awaitListening(process);
    Witness ben = new Witness(port, seen);
    ben.join(ROOM);
    ben.next();
    Witness ann = new Witness(port, seen);
    ann.join(ROOM);
    ann.next();
    long end = System.nanoTime() + MILLISECONDS.toNanos(300 + random.nextInt(1_200));
    Thread killer =
        new Thread(
            () -> {
              while (System.nanoTime() < end) {
                Thread.onSpinWait();
              }
              process.destroyForcibly();
            });
    killer.start();
    String event = "{\"event\":\"client-n\",\"channel\":\"" + ROOM + "\",\"data\":\"%d-%d\"}";
    for (int i = 0; process.isAlive() && ann.send(event.formatted(number, i)); i++) {
      LockSupport.parkNanos(MILLISECONDS.toNanos(1)); // some thousand are enough
      if (i % 20 == 0) {
        ann.join("room-" + number + "-" + i);
      }
    }
    killer.join();
    assertThat(process.waitFor()).isEqualTo(137);
  }

  @Test
  @Timeout(240)
  void losesNothingThatWasAccepted() throws Exception {
    Set<String> seen = new ConcurrentSkipListSet<>();
    Map<String, List<String>> deliveries = new LinkedHashMap<>();
    int port = LoopbackPorts.free();
    try (TestEndpoint endpoint =
        new TestEndpoint().answering(n -> n % 20 == 3 ? "500 No" : "200 OK")) {
      Path config = configure(port, endpoint);
      for (int number = 0; number < ROUNDS; number++) {
        round(number, port, config, seen);
      }
      assertThat(seen).hasSizeGreaterThan(100);
      Process last = start(config);
      awaitListening(last);
      try {
        Set<String> told = new TreeSet<>();
        seen.add("vacated " + ROOM);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!told.containsAll(seen)) {
          expectInTime(deadline, seen, told, deliveries);
          take(next(endpoint, seen, told), deliveries, told);
        }
      } finally {
        last.destroyForcibly().waitFor();
      }
    }
    expectOrder(deliveries.values().stream().flatMap(List::stream).toList());
  }

  private static Set<String> missing(Set<String> seen, Set<String> told) {
    Set<String> missing = new TreeSet<>(seen);
    missing.removeAll(told);
    return missing;
  }

  /** Something may come for ever that tells nothing new. */
  private static void expectInTime(
      long deadline, Set<String> seen, Set<String> told, Map<String, List<String>> deliveries) {
    if (System.nanoTime() > deadline) {
      throw new AssertionError(
          deliveries.size() + " deliveries came, but not: " + missing(seen, told));
    }
  }

  private static TestEndpoint.Post next(TestEndpoint endpoint, Set<String> seen, Set<String> told) {
    try {
      return endpoint.next();
    } catch (AssertionError nothing) {
      throw new AssertionError("Nothing comes any more. Missing: " + missing(seen, told), nothing);
    }
  }

  /** One that comes again counts once, and must be the same. */
  private static void take(
      TestEndpoint.Post post, Map<String, List<String>> deliveries, Set<String> told) {
    assertThat(post.isSigned()).isTrue();
    List<String> before = deliveries.putIfAbsent(post.header("Idempotency-Key"), post.events());
    if (before != null) {
      assertThat(post.events()).isEqualTo(before);
      return;
    }
    for (String text : post.events()) {
      JsonNode event = TestClient.json(text);
      switch (event.path("name").asText()) {
        case "client_event" -> told.add("event " + event.path("data").asText());
        case "channel_occupied" -> told.add("occupied " + event.path("channel").asText());
        default -> told.add("vacated " + event.path("channel").asText());
      }
    }
  }

  /** Occupied and vacated take turns in each channel; events come in their numbers' order. */
  private static void expectOrder(List<String> events) {
    Set<String> occupied = new TreeSet<>();
    List<Integer> numbers = new ArrayList<>();
    for (String text : events) {
      JsonNode event = TestClient.json(text);
      String channel = event.path("channel").asText();
      switch (event.path("name").asText()) {
        case "channel_occupied" -> assertThat(occupied.add(channel)).as(text).isTrue();
        case "channel_vacated" -> assertThat(occupied.remove(channel)).as(text).isTrue();
        default -> {
          String[] parts = event.path("data").asText().split("-");
          numbers.add(Integer.parseInt(parts[0]) * 1_000_000 + Integer.parseInt(parts[1]));
        }
      }
    }
    assertThat(numbers).isSorted().doesNotHaveDuplicates();
  }
}
