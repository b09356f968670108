package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.protocol.auth.RequestAuth;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A client that does not read costs the others nothing: 3.3. */
class SlowConsumerTest {
  private static final int EVENT_BYTES = 10_000;

  @Test
  void aClientThatDoesNotReadIsClosedWhileOthersGetEverythingInOrder() throws Exception {
    int events = 1_000;
    try (TestServer server = TestServer.start();
        RawClient slow = RawClient.connect(server, 8_192)) {
      slow.subscribe("news").expectEvent("pusher_internal:subscription_succeeded");
      ExecutorService threads = Executors.newFixedThreadPool(20);
      List<RawClient> readers = new ArrayList<>();
      List<Future<?>> reading = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        RawClient reader = subscriber(server);
        readers.add(reader);
        reading.add(threads.submit(() -> readAll(reader, events)));
      }

      publish(server, events);

      for (Future<?> reader : reading) {
        reader.get();
      }
      threads.shutdown();
      assertThat(server.metrics()).contains("carillon_slow_consumers_total 1.0");
      slow.expectEnd();
      Await.until(
          "only the readers are left",
          () -> server.api().get("/connections").body().equals("{\"connections\":20}"));
      readers.forEach(RawClient::close);
    }
  }

  /** What is written to it is what its socket and the limit hold, and no more. */
  @Test
  void aClientThatReadsTooLateFindsTheReasonOrTheEnd() {
    try (TestServer server =
            TestServer.start(
                TestServer.config().toBuilder().maxOutboundBytes(100_000).build(),
                TestServer.app().build());
        TestClient fast = server.connect().join("fast");
        RawClient slow = RawClient.connect(server, 8_192)) {
      slow.subscribe("news").expectEvent("pusher_internal:subscription_succeeded");

      publish(server, 1_000);

      slow.expectEnd();
      assertThat(server.metrics()).contains("carillon_slow_consumers_total 1.0");
      server.api().trigger("fast", "e", "x");
      fast.expectEvent("e");
    }
  }

  @Test
  void aClientThatReadsIsNotClosedHoweverMuchComesAtOnce() throws Exception {
    int bursts = 20;
    int events = 200;
    try (TestServer server = TestServer.start();
        RawClient reader = subscriber(server)) {
      ExecutorService thread = Executors.newSingleThreadExecutor();
      Future<?> reading =
          thread.submit(
              () -> {
                for (int burst = 0; burst < bursts; burst++) {
                  readAll(reader, events);
                }
              });

      for (int burst = 0; burst < bursts; burst++) {
        publish(server, events);
      }

      reading.get();
      thread.shutdown();
      assertThat(server.metrics()).contains("carillon_slow_consumers_total 0.0");
    }
  }

  /** All that one turn of the loop writes may be more than the limit; what is left of it counts. */
  @Test
  void whatWaitsWithinTheLimitIsNoReasonToClose() {
    int limit = 8_000_000;
    int channels = 100;
    try (TestServer server =
            TestServer.start(
                TestServer.config().toBuilder().eventLoops(1).maxOutboundBytes(limit).build(),
                TestServer.app().build());
        RawClient client = RawClient.connect(server, 8_192)) {
      for (int i = 0; i < channels; i++) {
        client.subscribe("c" + i).expectEvent("pusher_internal:subscription_succeeded");
      }
      String names =
          IntStream.range(0, channels)
              .mapToObj(i -> "\"c" + i + "\"")
              .collect(Collectors.joining(","));

      // More than the limit; the kernel's buffers take at least half a megabyte of it.
      server
          .api()
          .trigger(
              "{\"name\":\"e\",\"data\":\""
                  + "x".repeat(84_000)
                  + "\",\"channels\":["
                  + names
                  + "]}");

      for (int i = 0; i < channels; i++) {
        client.expectEvent("e");
      }
      assertThat(server.metrics()).contains("carillon_slow_consumers_total 0.0");
    }
  }

  /** Pongs are frames as others are. */
  @Test
  void aClientThatReadsNoPongsIsClosed() {
    try (TestServer server = TestServer.start();
        RawClient client = RawClient.connect(server, 8_192)) {
      byte[] ping = RawClient.frame(0x89, new byte[125]);
      ByteBuffer pings = ByteBuffer.allocate(1_000 * ping.length);
      for (int i = 0; i < 1_000; i++) {
        pings.put(ping);
      }

      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1_000; i++) {
                  client.send(pings.array());
                }
              })
          .isInstanceOf(UncheckedIOException.class);
      assertThat(server.metrics()).contains("carillon_slow_consumers_total 1.0");
    }
  }

  /** One frame may be larger than the limit for a connection: a long member list, for example. */
  @Test
  void oneFrameOverTheLimitIsNoBacklog() {
    try (TestServer server =
            TestServer.start(
                TestServer.config().toBuilder().maxOutboundBytes(16_384).build(),
                TestServer.app().build());
        TestClient client = server.connect().join("news")) {
      for (int i = 0; i < 20; i++) {
        server.api().trigger("news", "e", "x".repeat(100_000));

        assertThat(client.expectEvent("e").path("data").asText()).hasSize(100_000);
      }
    }
  }

  private static RawClient subscriber(TestServer server) {
    RawClient client = RawClient.connect(server);
    client.subscribe("news").expectEvent("pusher_internal:subscription_succeeded");
    return client;
  }

  /** The next events are numbered from 0. */
  private static void readAll(RawClient reader, int events) {
    for (int i = 0; i < events; i++) {
      String text = reader.expect(RawClient.TEXT).text();
      assertThat(text).startsWith("{\"event\":\"e" + i + "\",");
      assertThat(text.length()).isGreaterThan(EVENT_BYTES);
    }
  }

  /** Triggers events numbered from 0, as fast as they can be sent on one connection. */
  private static void publish(TestServer server, int events) {
    String data = "x".repeat(EVENT_BYTES);
    try (RawClient publisher = RawClient.open(server.port())) {
      for (int from = 0; from < events; from += 100) {
        StringBuilder requests = new StringBuilder();
        int to = Math.min(events, from + 100);
        for (int i = from; i < to; i++) {
          requests.append(trigger("e" + i, data));
        }
        publisher.send(requests.toString());
        for (int i = from; i < to; i++) {
          assertThat(publisher.readAnswer()).startsWith("HTTP/1.1 200");
        }
      }
    }
  }

  private static String trigger(String event, String data) {
    String body = "{\"name\":\"" + event + "\",\"channel\":\"news\",\"data\":\"" + data + "\"}";
    String query =
        RequestAuth.signedQuery(
            TestServer.CREDENTIALS,
            "POST",
            "/apps/3/events",
            Map.of(),
            body.getBytes(StandardCharsets.US_ASCII),
            Instant.now());
    return "POST /apps/3/events?"
        + query
        + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
