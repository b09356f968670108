package dev.carillon.server.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.server.config.AppConfig;
import dev.carillon.server.config.WebhookConfig;
import dev.carillon.server.config.WebhookKind;
import dev.carillon.server.metrics.Metrics;
import dev.carillon.server.metrics.WebhookMetrics;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.TestEndpoint;
import dev.carillon.server.support.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
  private static final LogRecord EVENT =
      new LogRecord(
          WebhookKind.CLIENT_EVENT,
          Instant.EPOCH,
          "a",
          "",
          "{\"name\":\"client_event\",\"channel\":\"a\"}".getBytes(UTF_8));

  @TempDir private Path folder;

  private final TestEndpoint told = new TestEndpoint();
  private final Sender sender = new Sender();
  private final Metrics metrics = new Metrics();
  private final WebhookMetrics counts = metrics.webhooks("3");
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void close() throws Exception {
    thread.shutdownNow();
    thread.awaitTermination(20, TimeUnit.SECONDS);
    sender.close();
    metrics.close();
    told.close();
  }

  private EndpointQueue queue(EventLog log) throws Exception {
    return queue(log, told);
  }

  private EndpointQueue queue(EventLog log, TestEndpoint told) throws Exception {
    AppConfig app = TestServer.app().webhooks(List.of(WebhookConfig.of(told.url()))).build();
    Endpoint endpoint = Endpoint.of(app).get(0);
    return new EndpointQueue(
        endpoint,
        log,
        folder,
        Webhooks.deadLetters(folder, app, endpoint),
        sender,
        thread,
        InstantSource.system(),
        counts);
  }

  /** Also the newest events, though none follow. */
  @Test
  void whatFillsTheDiskIsDeletedWhenItWasTold() throws Exception {
    AtomicLong free = new AtomicLong(Long.MAX_VALUE);
    try (EventLog log = EventLog.open(folder, 1_000_000, free::get)) {
      Outbox outbox = new Outbox(folder, log, List.of(queue(log)), 8_000_000, 1);
      log.append(EVENT);
      free.set(0);
      assertThatThrownBy(
              () -> {
                while (true) {
                  log.append(EVENT);
                }
              })
          .hasMessageContaining("0 bytes free");

      thread.scheduleWithFixedDelay(() -> Tasks.run(outbox::wake), 0, 10, TimeUnit.MILLISECONDS);

      Await.until("nothing is left on the disk", () -> log.bytes() == 0);
    }
  }

  /** Here a folder stands where its place would be written. */
  @Test
  void anEndpointWhosePlaceCannotBeWrittenStopsNoOther() throws Exception {
    try (TestEndpoint other = new TestEndpoint();
        EventLog log = EventLog.open(folder, 1_000_000)) {
      EndpointQueue broken = queue(log, other);
      try (Stream<Path> files = Files.list(folder)) {
        Path place =
            files.filter(file -> file.toString().contains("endpoint-")).findFirst().orElseThrow();
        Files.createDirectory(place.resolveSibling(place.getFileName() + ".tmp"));
      }
      Outbox outbox = new Outbox(folder, log, List.of(broken, queue(log)), 8_000_000, 1);
      log.append(EVENT);

      thread.scheduleWithFixedDelay(() -> Tasks.run(outbox::wake), 0, 10, TimeUnit.MILLISECONDS);

      told.expect("client_event", "a");
      assertThat(other.untaken()).isZero();
    }
  }
}
