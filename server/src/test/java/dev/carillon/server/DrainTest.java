package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.config.WebhookConfig;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.ErrorLog;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.SingleNode;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestEndpoint;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.XhrClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conformance case 11, and the rest of a graceful end. */
class DrainTest {
  private static final Duration DRAIN = Duration.ofSeconds(3);
  private static final int CONNECTIONS = 40;

  @SingleNode
  @Test
  void connectionsEndSpreadOverTheDrainTimeWith1001() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS + 1);
    try (TestServer server = start()) {
      List<TestClient> clients = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(server.connect());
      }

      long begin = System.nanoTime();
      Future<?> draining = threads.submit(() -> drain(server));
      List<Future<Long>> ends = new ArrayList<>();
      for (TestClient client : clients) {
        ends.add(
            threads.submit(
                () -> {
                  assertThat(client.closeCode()).isEqualTo(1001);
                  return System.nanoTime() - begin;
                }));
      }
      draining.get();

      List<Long> nanos = new ArrayList<>();
      for (Future<Long> end : ends) {
        nanos.add(end.get());
      }
      long first = nanos.stream().mapToLong(Long::longValue).min().orElseThrow();
      long last = nanos.stream().mapToLong(Long::longValue).max().orElseThrow();
      assertThat(Duration.ofNanos(last)).isLessThan(DRAIN.plusSeconds(2));
      assertThat(Duration.ofNanos(last - first)).isGreaterThan(DRAIN.dividedBy(2));
    } finally {
      threads.shutdown();
    }
  }

  /** Case 11: with 42xx, pusher-js would come back without a pause. */
  @SingleNode
  @Test
  void whileItDrainsNobodyIsLetInAndTheOthersAreServed() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (TestServer server = start();
        RawClient last = RawClient.connect(server)) {
      assertThat(server.admin().send("GET", "/ready", "").statusCode()).isEqualTo(200);

      Future<?> draining = thread.submit(() -> drain(server));
      awaitNotReady(server);

      HttpResponse<String> ready = server.admin().send("GET", "/ready", "");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).isEqualTo("draining\n");
      assertThat(server.admin().send("GET", "/live", "").statusCode()).isEqualTo(200);
      assertThat(server.api().send("GET", "/up", "").statusCode()).isEqualTo(503);
      assertThat(server.api().get("/channels").statusCode()).isEqualTo(503);
      assertThat(server.api().trigger("{}").statusCode()).isEqualTo(503);
      try (TestClient late = server.open("/app/" + TestServer.KEY)) {
        JsonNode error = late.expectError();
        assertThat(error.path("code").asInt()).isEqualTo(4100);
        assertThat(late.closeCode()).isEqualTo(4100);
      }

      assertThat(last.closeCode()).isEqualTo(1001);
      draining.get();
    } finally {
      thread.shutdown();
    }
  }

  /** Nobody is waited for who is not there. */
  @Test
  void aServerWithoutConnectionsDrainsAtOnce() {
    try (TestServer server = start()) {
      long begin = System.nanoTime();

      drain(server);

      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(DRAIN);
    }
  }

  /** Presence channels tell of those who went first; of many, as two may go at one time. */
  @Test
  void membersThatEndAreRemovedForThoseWhoAreStillThere() {
    try (TestServer server = start()) {
      List<TestClient> clients = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        TestClient client = server.connect();
        client.joinAs("presence-a", "{\"user_id\":\"" + i + "\"}");
        clients.forEach(before -> before.expectEvent("pusher_internal:member_added"));
        clients.add(client);
      }

      drain(server);

      List<String> seen = new ArrayList<>();
      for (TestClient client : clients) {
        seen.addAll(client.untilClosed());
      }
      assertThat(seen).isNotEmpty().allMatch(text -> text.contains("member_removed"));
    }
  }

  /** Users, watchlists, counts, caches, webhooks, and clients of the HTTP fallbacks. */
  @SingleNode
  @Test
  void whateverConnectionsDoTheyEndQuietlyAndNothingIsLeft(@TempDir Path data) {
    try (ErrorLog log = new ErrorLog();
        TestEndpoint endpoint = new TestEndpoint();
        TestServer server =
            TestServer.start(
                TestServer.config().toBuilder().drain(DRAIN).dataDir(data).build(),
                TestServer.app()
                    .subscriptionCount(true)
                    .webhooks(List.of(WebhookConfig.of(endpoint.url())))
                    .build())) {
      List<TestClient> clients = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        TestClient client = server.connect().signedInAs("u" + i % 60, "u" + (i + 1) % 60);
        client.expectEvent("pusher_internal:watchlist_events");
        clients.add(client.subscribe("news").subscribeSigned("presence-cache-a", null));
      }
      XhrClient stream = XhrClient.connect(server, XhrClient.STREAMING);

      drain(server);

      for (TestClient client : clients) {
        assertThat(client.untilClosed()).noneMatch(text -> text.contains("pusher:error"));
      }
      assertThat(stream.closeCode()).isEqualTo(1001);
      assertThat(server.metrics())
          .contains("carillon_connections{app=\"3\"} 0.0")
          .contains("carillon_signed_in_connections{app=\"3\"} 0.0")
          .contains("carillon_user_topics{app=\"3\"} 0.0")
          .contains("carillon_subscriptions{app=\"3\",type=\"presence\"} 0.0")
          .contains("carillon_fallback_connections{app=\"3\",transport=\"xhr_streaming\"} 0.0");
      log.expectNothing();
    }
  }

  private static void awaitNotReady(TestServer server) {
    Await.until(
        "it drains",
        () ->
            server.admin().send("GET", "/ready", "").statusCode() == 503
                && server.api().send("GET", "/up", "").statusCode() == 503);
  }

  private static void drain(TestServer server) {
    try {
      server.server().drain();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static TestServer start() {
    return TestServer.start(
        TestServer.config().toBuilder().drain(DRAIN).eventLoops(1).build(),
        TestServer.app().build());
  }
}
