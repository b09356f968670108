package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.config.WebhookConfig;
import dev.carillon.server.config.WebhookKind;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestEndpoint;
import dev.carillon.server.support.TestServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conformance case 89: what an app is told of its cache channels and its channels' counts. */
class WebhookChannelTest {
  @TempDir private Path data;

  private TestServer start(TestEndpoint endpoint, WebhookKind kind) {
    WebhookConfig webhook =
        WebhookConfig.of(endpoint.url()).toBuilder().events(List.of(kind)).build();
    return TestServer.start(
        TestServer.config().toBuilder().dataDir(data).build(),
        TestServer.app()
            .subscriptionCount(kind == WebhookKind.SUBSCRIPTION_COUNT)
            .webhooks(List.of(webhook))
            .build());
  }

  @Test
  void tenWhoMissTheSameEventAreToldOnce() throws Exception {
    try (TestEndpoint endpoint = new TestEndpoint();
        TestServer server = start(endpoint, WebhookKind.CACHE_MISS)) {
      List<TestClient> clients = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        clients.add(server.connect());
      }
      String subscribe = "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"cache-a\"}}";
      clients.forEach(client -> client.send(subscribe));
      for (TestClient client : clients) {
        client.expectEvent("pusher_internal:subscription_succeeded");
        client.expectEvent("pusher:cache_miss");
      }
      clients.get(0).join("cache-b");

      assertThat(endpoint.nextEvent())
          .isEqualTo("{\"name\":\"cache_miss\",\"channel\":\"cache-a\"}");
      assertThat(endpoint.nextEvent())
          .isEqualTo("{\"name\":\"cache_miss\",\"channel\":\"cache-b\"}");
      for (TestClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void aCountIsToldAsTheSubscribersSeeIt() throws Exception {
    try (TestEndpoint endpoint = new TestEndpoint();
        TestServer server = start(endpoint, WebhookKind.SUBSCRIPTION_COUNT);
        TestClient alice = server.connect()) {
      alice.join("a");

      assertThat(endpoint.nextEvent())
          .isEqualTo(
              "{\"name\":\"subscription_count\",\"channel\":\"a\",\"subscription_count\":1}");
    }
  }
}
