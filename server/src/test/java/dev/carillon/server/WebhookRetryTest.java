package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.server.config.AppConfigBuilder;
import dev.carillon.server.config.Config;
import dev.carillon.server.config.WebhookConfig;
import dev.carillon.server.config.WebhookKind;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestEndpoint;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.webhook.DeadLetterReplay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conformance case 90: what is not taken at once, and what outlives a restart. */
class WebhookRetryTest {
  @TempDir private Path data;

  private final TestEndpoint endpoint = new TestEndpoint();
  private final List<AutoCloseable> open = new ArrayList<>(List.of(endpoint));

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T closing(T closeable) {
    open.add(closeable);
    return closeable;
  }

  private WebhookConfig webhook(Duration retryFor) {
    return WebhookConfig.of(endpoint.url()).toBuilder().retryFor(retryFor).build();
  }

  private static AppConfigBuilder app(WebhookConfig... webhooks) {
    return TestServer.app().webhooks(List.of(webhooks));
  }

  private TestServer start(AppConfigBuilder app) {
    return closing(
        TestServer.start(TestServer.config().toBuilder().dataDir(data).build(), app.build()));
  }

  private static void awaitDead(TestServer server, int events) {
    Await.until(
        events + " are dead",
        () ->
            server
                .metrics()
                .contains(
                    "carillon_webhook_events_total{app=\"3\",outcome=\"dead\"} " + events + ".0"));
  }

  private List<DeadLetterReplay.Result> replay(WebhookConfig webhook) throws Exception {
    Config config =
        Config.defaults()
            .withServer(TestServer.config().toBuilder().dataDir(data).build())
            .withApps(app(webhook).build());
    return new DeadLetterReplay(config, InstantSource.system()).run();
  }

  @Test
  void aDeliveryThatIsNotTakenComesAgainUnchanged() {
    endpoint.answering(n -> n < 3 ? "500 No" : "204 Fine");
    TestServer server = start(app(webhook(Duration.ofMinutes(5))));
    TestClient alice = closing(server.connect()).join("a");
    TestEndpoint.Post first = endpoint.next();
    alice.join("b");

    TestEndpoint.Post second = endpoint.next();
    TestEndpoint.Post third = endpoint.next();

    assertThat(second.head()).isEqualTo(first.head());
    assertThat(third.head()).isEqualTo(first.head());
    assertThat(List.of(second.text(), third.text())).containsOnly(first.text());
    assertThat(Duration.ofNanos(second.nanoTime() - first.nanoTime()))
        .isGreaterThanOrEqualTo(Duration.ofMillis(900));
    assertThat(Duration.ofNanos(third.nanoTime() - second.nanoTime()))
        .isGreaterThanOrEqualTo(Duration.ofMillis(1900));
    endpoint.expect("channel_occupied", "b");
    assertThat(endpoint.untaken()).isZero();
  }

  @Test
  void aClockThatIsSetMakesNobodyGiveUpEarly() {
    endpoint.answering(n -> n < 3 ? "500 No" : "200 OK");
    AtomicReference<Duration> fast = new AtomicReference<>(Duration.ZERO);
    TestServer server = startAt(fast, Duration.ofMinutes(5));
    closing(server.connect()).join("a");
    TestEndpoint.Post first = endpoint.next();
    fast.set(Duration.ofHours(1));

    assertThat(endpoint.next().text()).isEqualTo(first.text());
    assertThat(endpoint.next().text()).isEqualTo(first.text());
  }

  @Test
  void aClockThatIsSetBackMakesNobodyTryOn() {
    endpoint.answering(n -> "500 No");
    AtomicReference<Duration> fast = new AtomicReference<>(Duration.ofHours(1));
    TestServer server = startAt(fast, Duration.ofSeconds(1));
    closing(server.connect()).join("a");
    endpoint.next();
    fast.set(Duration.ZERO);

    awaitDead(server, 1);
  }

  /** A server whose clock is fast by that. */
  private TestServer startAt(AtomicReference<Duration> fast, Duration retryFor) {
    return closing(
        TestServer.startAt(
            () -> Instant.now().plus(fast.get()),
            TestServer.config().toBuilder().dataDir(data).build(),
            app(webhook(retryFor)).build()));
  }

  @Test
  void aRedirectIsNotFollowed() {
    TestEndpoint other = closing(new TestEndpoint());
    endpoint.answering(n -> n == 1 ? "302 Found\r\nLocation: " + other.url() : "200 OK");
    closing(start(app(webhook(Duration.ofMinutes(5)))).connect()).join("a");

    assertThat(endpoint.next().text()).isEqualTo(endpoint.next().text());
    assertThat(other.untaken()).isZero();
  }

  @Test
  void whatIsNotTakenInTimeIsADeadLetterThatCanBeReplayed() throws Exception {
    endpoint.answering(n -> n < 3 ? "500 No" : n == 3 ? "503 Still" : "200 OK");
    WebhookConfig webhook = webhook(Duration.ofSeconds(1));
    TestServer server = start(app(webhook));
    closing(server.connect()).join("a");
    TestEndpoint.Post tried = endpoint.next();
    assertThat(endpoint.next().text()).isEqualTo(tried.text());
    awaitDead(server, 1);

    assertThat(replay(webhook))
        .containsExactly(
            new DeadLetterReplay.Result(
                "3", "http://127.0.0.1:" + endpoint.port() + "/pusher", 0, 1, "status 503"));
    endpoint.next();
    assertThat(replay(webhook))
        .singleElement()
        .satisfies(result -> assertThat(result.taken()).isEqualTo(1));

    TestEndpoint.Post replayed = endpoint.next();
    assertThat(replayed.events()).isEqualTo(tried.events());
    assertThat(replayed.header("Idempotency-Key")).isEqualTo(tried.header("Idempotency-Key"));
    assertThat(replayed.isSigned()).isTrue();
    assertThat(replay(webhook)).isEmpty();
  }

  /** Often its address was the mistake. */
  @Test
  void deadLettersOfAnEndpointThatIsNotConfiguredAnyMoreAreToldOf() throws Exception {
    endpoint.answering(n -> "500 No");
    TestServer server = start(app(webhook(Duration.ZERO)));
    closing(server.connect()).join("a");
    awaitDead(server, 1);

    assertThat(replay(WebhookConfig.of(URI.create("http://127.0.0.1:1/corrected"))))
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.left()).isEqualTo(1);
              assertThat(Path.of(result.endpoint())).isDirectory().startsWith(data);
              assertThat(result.answer()).startsWith("its url is not configured any more");
            });
  }

  @Test
  void whatAnotherReplayWasFasterWithIsNoMistake() throws Exception {
    endpoint.answering(n -> "500 No");
    WebhookConfig webhook = webhook(Duration.ZERO);
    TestServer server = start(app(webhook));
    TestClient alice = closing(server.connect()).join("a");
    awaitDead(server, 1);
    alice.join("b");
    awaitDead(server, 2);
    endpoint.answering(
        n -> {
          try (Stream<Path> files = Files.walk(data)) {
            files
                .filter(file -> file.toString().endsWith(".delivery"))
                .forEach(WebhookRetryTest::delete);
            return "200 OK";
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });

    assertThat(replay(webhook))
        .containsExactly(
            new DeadLetterReplay.Result(
                "3", "http://127.0.0.1:" + endpoint.port() + "/pusher", 1, 0, ""));
  }

  private static void delete(Path file) {
    assertThat(file.toFile().delete()).isTrue();
  }

  @Test
  void afterADeadLetterTheNextIsTold() {
    endpoint.answering(n -> n == 1 ? "500 No" : "200 OK");
    TestServer server = start(app(webhook(Duration.ZERO)));
    TestClient alice = closing(server.connect()).join("a");
    endpoint.expect("channel_occupied", "a");
    awaitDead(server, 1);

    alice.join("b");

    endpoint.expect("channel_occupied", "b");
  }

  /** As on a full disk: here a file stands where the dead letters' folder would. */
  @Test
  void whatCannotBecomeADeadLetterIsTriedOn() throws Exception {
    endpoint.answering(n -> n < 3 ? "500 No" : "200 OK");
    TestServer server = start(app(webhook(Duration.ZERO)));
    try (Stream<Path> files = Files.walk(data)) {
      Path place =
          files
              .filter(file -> file.getFileName().toString().startsWith("endpoint-"))
              .findFirst()
              .orElseThrow();
      Files.createFile(place.resolveSibling("dead-" + place.getFileName()));
    }
    closing(server.connect()).join("a");

    TestEndpoint.Post first = endpoint.next();
    assertThat(endpoint.next().text()).isEqualTo(first.text());
    assertThat(endpoint.next().text()).isEqualTo(first.text());
    Await.until(
        "it is told", () -> server.metrics().contains("carillon_webhook_waiting{app=\"3\"} 0"));
  }

  @Test
  void anEndpointThatDoesNotAnswerIsGivenUpAfterItsTime() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
      WebhookConfig webhook =
          WebhookConfig.of(URI.create("http://127.0.0.1:" + silent.getLocalPort())).toBuilder()
              .timeout(Duration.ofMillis(300))
              .retryFor(Duration.ZERO)
              .build();
      TestServer server = start(app(webhook));
      closing(server.connect()).join("a");

      awaitDead(server, 1);

      assertThat(replay(webhook))
          .singleElement()
          .satisfies(result -> assertThat(result.answer()).isEqualTo("no answer in time"));
    }
  }

  /** A port that nobody listens on; the next process finds the endpoint there again. */
  @Test
  void whatWaitsAtTheEndIsToldByTheNextProcessInOrder() throws Exception {
    int port = endpoint.port();
    endpoint.close();
    AppConfigBuilder app = app(webhook(Duration.ofMinutes(5)));
    TestServer first = start(app.webhookPatience(Duration.ofSeconds(30)));
    TestClient alice = first.connect();
    for (int i = 0; i < 120; i++) {
      alice.join("a-" + i);
    }
    Await.until(
        "it was tried", () -> !first.metrics().contains("attempts_failed_total{app=\"3\"} 0"));
    alice.close();
    first.close();

    try (TestEndpoint again = new TestEndpoint(port)) {
      start(app.webhookPatience(Duration.ofMillis(500)));

      for (int i = 0; i < 120; i++) {
        again.expect("channel_occupied", "a-" + i);
      }
      for (int i = 0; i < 120; i++) {
        again.expect("channel_vacated", "a-" + i);
      }
    }
  }

  @Test
  void anAttemptIsRepeatedUnchangedByTheNextProcess() {
    endpoint.answering(n -> n == 1 ? "500 No" : "200 OK");
    AppConfigBuilder app = app(webhook(Duration.ofMinutes(5)));
    TestServer first = start(app);
    TestClient alice = closing(first.connect()).join("a");
    TestEndpoint.Post tried = endpoint.next();
    alice.join("b");
    first.close();

    start(app);

    TestEndpoint.Post again = endpoint.next();
    assertThat(again.head()).isEqualTo(tried.head());
    assertThat(again.text()).isEqualTo(tried.text());
    endpoint.expect("channel_occupied", "b");
  }

  @Test
  void anAddressThatIsChangedIsToldOfAllThatHappensFromThenOn() throws Exception {
    TestServer before = start(app(webhook(Duration.ofMinutes(5))));
    closing(before.connect()).join("a");
    endpoint.expect("channel_occupied", "a");
    before.close();
    TestEndpoint other = closing(new TestEndpoint());
    WebhookConfig changed = WebhookConfig.of(other.url());
    start(app(changed)).close(); // in which nothing happens
    TestServer after = start(app(changed));

    closing(after.connect()).join("b");

    assertThat(List.of(other.nextEvent(), other.nextEvent()))
        .anyMatch(event -> event.contains("channel_occupied") && event.contains("\"b\""))
        .anyMatch(event -> event.contains("channel_vacated") && event.contains("\"a\""));
  }

  @Test
  void whoIsBackAfterARestartInTimeWasNeverGone() {
    AppConfigBuilder app = app(webhook(Duration.ofMinutes(5)));
    TestServer first = start(app);
    TestClient alice = first.connect();
    alice.join("stays").joinAs("presence-stays", "{\"user_id\":7}");
    alice.join("goes");
    alice.joinAs("presence-goes", "{\"user_id\":7}");
    endpoint
        .expect("channel_occupied", "stays")
        .expect("channel_occupied", "presence-stays")
        .expect("member_added", "presence-stays")
        .expect("channel_occupied", "goes")
        .expect("channel_occupied", "presence-goes")
        .expect("member_added", "presence-goes");
    alice.abort();
    first.close();

    TestServer second = start(app.webhookPatience(Duration.ofSeconds(2)));
    TestClient again = closing(second.connect()).join("stays");
    again.joinAs("presence-stays", "{\"user_id\":\"7\"}");

    endpoint
        .expect("member_removed", "presence-goes")
        .expect("channel_vacated", "goes")
        .expect("channel_vacated", "presence-goes");
    again.join("new");
    endpoint.expect("channel_occupied", "new");
  }

  /** A process that was killed in the middle of a write. */
  @Test
  void halfARecordAtTheEndIsNoHarm() throws Exception {
    endpoint.answering(n -> n == 1 ? "500 No" : "200 OK");
    AppConfigBuilder app = app(webhook(Duration.ofMinutes(5)));
    TestServer first = start(app);
    closing(first.connect()).join("a");
    endpoint.next();
    first.close();
    try (Stream<Path> files = Files.walk(data)) {
      Path log = files.filter(file -> file.toString().endsWith(".log")).findFirst().orElseThrow();
      Files.write(log, new byte[] {0, 0, 1, 0, 1, 2, 3, 4, 5, 6}, StandardOpenOption.APPEND);
    }

    TestServer second = start(app);
    closing(second.connect()).join("b");

    endpoint.expect("channel_occupied", "a").expect("channel_occupied", "b");
  }

  @Test
  void whatIsTooMuchToWaitBecomesDeadLettersOldestFirst() throws Exception {
    endpoint.answering(n -> "500 No");
    WebhookConfig webhook =
        webhook(Duration.ofMinutes(5)).toBuilder()
            .events(List.of(WebhookKind.CLIENT_EVENT))
            .build();
    TestServer server = start(app(webhook).webhookSpoolBytes(65_536).clientEventsPerSecond(1_000));
    TestClient alice = closing(server.connect()).join("private-a");
    String data = "x".repeat(1_000);
    String frame = "{\"event\":\"client-x\",\"channel\":\"private-a\",\"data\":\"%d%s\"}";
    for (int i = 0; i < 110; i++) {
      alice.send(frame.formatted(i, data));
      if (i == 50) {
        endpoint.next(); // what is under way does not wait any more
      }
    }
    // In all less than twice the limit: beyond that events are lost, if the disk is slower.
    alice.expectSilence();

    Await.until(
        "the oldest are dead letters",
        () ->
            server
                .metrics()
                .lines()
                .anyMatch(line -> line.matches(".*outcome=\"dead\"} [1-9][0-9.]*")));
    Await.until(
        "it is little that waits",
        () ->
            server
                .metrics()
                .lines()
                .filter(line -> line.startsWith("carillon_webhook_spool"))
                .allMatch(line -> Double.parseDouble(line.split(" ")[1]) <= 65_536 + 8_192));
    endpoint.answering(n -> "200 OK");
    Await.until(
        "the rest is told",
        () -> server.metrics().contains("carillon_webhook_waiting{app=\"3\"} 0"));
    replay(webhook);
    Set<String> told = new TreeSet<>();
    while (endpoint.untaken() > 0) {
      for (String event : endpoint.next().events()) {
        told.add(TestClient.json(event).path("data").asText().replace("x", ""));
      }
    }
    assertThat(told).hasSize(110);
  }

  @Test
  void theFolderIsOfOneProcess() {
    start(app(webhook(Duration.ZERO)));

    assertThatThrownBy(() -> start(app(webhook(Duration.ZERO))))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("another process uses ")
        .hasMessageContaining("server.data_dir");
  }

  @Test
  void aFolderThatCannotBeUsedIsNamedWithItsKey() throws Exception {
    start(app(webhook(Duration.ZERO))).close();
    try (Stream<Path> files = Files.walk(data)) {
      Path place =
          files.filter(file -> file.toString().contains("told-")).findFirst().orElseThrow();
      Files.delete(place);
      Files.createDirectory(place);
    }

    assertThatThrownBy(() -> start(app(webhook(Duration.ZERO))))
        .hasMessageContaining("server.data_dir cannot be used: " + data)
        .hasMessageContaining("Is a directory");
  }

  @Test
  void theDrainTellsWhatWaits() throws Exception {
    TestServer server = start(app(webhook(Duration.ofMinutes(5))).webhookPatience(Duration.ZERO));
    TestClient alice = server.connect().join("a");

    server.server().drain();
    alice.untilClosed();
    server.close();

    endpoint.expect("channel_occupied", "a").expect("channel_vacated", "a");
  }
}
