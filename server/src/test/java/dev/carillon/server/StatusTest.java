package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.config.StatusConfig;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How users are, as clients are told. */
class StatusTest {
  private final TestServer server = TestServer.start(app -> app.status(StatusConfig.defaults()));

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void whoJoinsAPresenceChannelIsToldToBeOnline() {
    try (TestClient ann = server.connect()) {
      ann.joinAs(
          "presence-team",
          "{\"user_id\":\"1\",\"user_info\":{\"name\":\"Ann\",\"device\":\"web\"}}");
      assertThat(ann.next().toString()).contains("user.status.updated").contains("online");
    }
  }
}
