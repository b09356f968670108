package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.config.StatusConfig;
import dev.carillon.server.config.WebhookConfig;
import dev.carillon.server.config.WebhookKind;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestEndpoint;
import dev.carillon.server.support.TestServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an app's own server is told of how its users are. */
class StatusWebhookTest {
  @TempDir private Path data;
  private final TestEndpoint endpoint = new TestEndpoint();
  private final TestEndpoint other = new TestEndpoint();
  private TestServer server;

  @BeforeEach
  void start() {
    WebhookConfig statuses =
        WebhookConfig.of(endpoint.url()).toBuilder()
            .events(List.of(WebhookKind.USER_STATUS_UPDATED))
            .build();
    WebhookConfig rest =
        WebhookConfig.of(other.url()).toBuilder()
            .events(List.of(WebhookKind.CHANNEL_OCCUPIED))
            .build();
    server =
        TestServer.start(
            TestServer.config().toBuilder().dataDir(data).build(),
            TestServer.app()
                .status(StatusConfig.defaults())
                .webhooks(List.of(statuses, rest))
                .build());
  }

  @AfterEach
  void close() {
    server.close();
    endpoint.close();
    other.close();
  }

  private JsonNode next() {
    return TestClient.json(endpoint.nextEvent());
  }

  @Test
  void changesAreToldInOrderWithTheObjectThatOthersGet() {
    try (TestClient ann = server.connect()) {
      ann.joinAs(
          "presence-team",
          "{\"user_id\":\"1\",\"user_info\":{\"name\":\"Ann\",\"device\":\"web\"}}");
      JsonNode online =
          TestClient.json(ann.expectEvent("user.status.updated").get("data").asText());
      for (int i = 0; i < 60; i++) {
        server
            .api()
            .post("/users/1/status", "{\"status\":\"busy\",\"custom_message\":\"m" + i + "\"}");
      }

      JsonNode first = next();
      assertThat(first.get("name").asText()).isEqualTo("user_status_updated");
      assertThat(first.get("channel").asText()).isEqualTo("private-App.Models.User.1");
      assertThat(first.get("user_id").asText()).isEqualTo("1");
      assertThat(first.get("data")).isEqualTo(online);
      for (int i = 0; i < 60; i++) {
        JsonNode update = next().get("data");
        assertThat(update.get("custom_message").asText()).isEqualTo("m" + i);
        assertThat(update.get("version").asLong()).isEqualTo(i + 2);
      }
      other.expect("channel_occupied", "presence-team");
    }
  }

  /** Webhooks have what others see; a channel of the user's own may not be possible. */
  @Test
  void whatOthersDoNotSeeIsNotTold() {
    try (TestClient ann = server.connect().signedInAs("a b")) {
      assertThat(next().get("channel").asText()).isEqualTo("#server-to-user-a b");

      server.api().post("/users/a%20b/status", "{\"status\":\"invisible\"}");
      assertThat(next().get("data").get("status").asText()).isEqualTo("offline");
      server
          .api()
          .post("/users/a%20b/status", "{\"status\":\"invisible\",\"custom_message\":\"x\"}");
      server.api().post("/users/a%20b/status", "{\"status\":\"away\"}");
      assertThat(next().get("data").get("status").asText()).isEqualTo("away");
    }
  }
}
