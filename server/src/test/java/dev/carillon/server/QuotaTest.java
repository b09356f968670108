package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class QuotaTest {
  private static final String APP = "/app/" + TestServer.KEY + "?protocol=7";

  /** Case 96, on one node. */
  @Test
  void fiftySimultaneousHandshakesGetExactlyTheQuotaOfTen() throws Exception {
    try (TestServer server = TestServer.start(app -> app.maxConnections(10))) {
      List<RawClient> clients = new ArrayList<>();
      ExecutorService threads = Executors.newFixedThreadPool(50);
      try {
        for (int i = 0; i < 50; i++) {
          clients.add(RawClient.open(server.port()));
        }
        List<CompletableFuture<String>> answers =
            clients.stream()
                .map(client -> CompletableFuture.supplyAsync(() -> firstEvent(client), threads))
                .toList();
        int established = 0;
        for (CompletableFuture<String> answer : answers) {
          established += answer.get(20, TimeUnit.SECONDS).equals("established") ? 1 : 0;
        }

        assertThat(established).isEqualTo(10);
        assertThat(server.metrics())
            .contains("carillon_handshakes_refused_total{code=\"4004\"} 40.0");
      } finally {
        clients.forEach(RawClient::close);
        threads.shutdown();
      }
    }
  }

  private static String firstEvent(RawClient client) {
    client.shake(APP);
    JsonNode frame = TestClient.json(client.expect(RawClient.TEXT).text());
    if (frame.path("event").asText().equals("pusher:connection_established")) {
      return "established";
    }
    assertThat(frame.path("data").path("code").asInt()).isEqualTo(4004);
    assertThat(client.closeCode()).isEqualTo(4004);
    return "refused";
  }

  @Test
  void whoGoesMakesRoom() {
    try (TestServer server = TestServer.start(app -> app.maxConnections(1))) {
      TestClient first = server.connect();
      try (TestClient second = server.open(APP)) {
        assertThat(second.expectError().path("code").asInt()).isEqualTo(4004);
      }
      first.abort();
      Await.until("gone", () -> server.metrics().contains("carillon_connections{app=\"3\"} 0.0"));

      server.connect().close();
    }
  }
}
