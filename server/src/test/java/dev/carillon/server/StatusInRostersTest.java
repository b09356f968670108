package dev.carillon.server;

import static dev.carillon.server.support.TestClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.config.StatusConfig;
import dev.carillon.server.config.StatusRules;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Member lists that carry how the members are. */
class StatusInRostersTest {
  private static final String TEAM = "presence-team";

  private final TestServer server =
      TestServer.startWithStatus(
          StatusRules.defaults().toBuilder().coalesce(Duration.ofMillis(50)).build(),
          app ->
              app.status(
                  new StatusConfig(true, true, false, true, "private-App.Models.User.{id}")));

  @AfterEach
  void close() {
    server.close();
  }

  private static String member(String user, String info) {
    return "{\"user_id\":\"" + user + "\",\"user_info\":" + info + "}";
  }

  private static JsonNode data(TestClient client, String event) {
    return json(client.expectEvent(event).path("data").asText());
  }

  private static JsonNode update(TestClient client) {
    return data(client, "user.status.updated");
  }

  private static JsonNode added(TestClient client) {
    return data(client, "pusher_internal:member_added");
  }

  @Test
  void aListCarriesHowItsMembersAreAlsoWhoHasJustCome() {
    try (TestClient ann = server.connect();
        TestClient ben = server.connect()) {
      JsonNode first = ann.joinAs(TEAM, member("1", "{\"name\":\"Ann\",\"device\":\"web\"}"));
      JsonNode herself = first.path("hash").path("1");
      assertThat(herself.path("name").asText()).isEqualTo("Ann");
      assertThat(herself.path("status").path("status").asText()).isEqualTo("online");
      assertThat(herself.path("status").path("devices").path("web").asText()).isEqualTo("active");
      assertThat(update(ann).path("version").asInt()).isEqualTo(1);

      JsonNode second = ben.joinAs(TEAM, member("2", "{\"device\":\"mobile\"}"));
      assertThat(second.path("hash").path("1").path("status").path("version").asInt()).isEqualTo(1);
      assertThat(second.path("hash").path("2").path("status").path("status").asText())
          .isEqualTo("online");
      assertThat(added(ann).path("user_info").path("status").path("status").asText())
          .isEqualTo("online");
    }
  }

  @Test
  void whoIsKnownLongBeforeJoiningIsAddedWithTheStatusOfThatMoment() {
    try (TestClient ben = server.connect();
        TestClient ann = server.connect()) {
      ben.joinAs(TEAM, member("2", "{}"));
      update(ben);
      ann.join("private-App.Models.User.1");
      ann.signinSigned("{\"id\":\"1\",\"user_info\":{\"name\":\"Ann\",\"device\":\"web\"}}");
      ann.expectEvent("pusher:signin_success");
      update(ann);
      server.api().post("/users/1/status", "{\"status\":\"busy\",\"custom_message\":\"x\"}");
      assertThat(update(ann).path("version").asInt()).isEqualTo(2);

      JsonNode list = ann.joinAs(TEAM, member("1", "{\"name\":\"Ann\",\"device\":\"web\"}"));

      JsonNode told = added(ben).path("user_info").path("status");
      assertThat(told.path("status").asText()).isEqualTo("busy");
      assertThat(told.path("custom_message").asText()).isEqualTo("x");
      assertThat(told.path("version").asInt()).isEqualTo(2);
      assertThat(list.path("hash").path("1").path("status")).isEqualTo(told);
      ben.expectSilence();
    }
  }

  @Test
  void aChangeIsToldAsAMemberWhoIsAdded() {
    try (TestClient ann = server.connect();
        TestClient ben = server.connect();
        TestClient phone = server.connect()) {
      ben.joinAs(TEAM, member("2", "{}"));
      update(ben);
      ann.joinAs(TEAM, member("1", "{\"name\":\"Ann\",\"device\":\"web\"}"));
      added(ben);
      update(ben);
      phone.joinAs("presence-other", member("1", "{\"name\":\"A.\",\"device\":\"mobile\"}"));

      // The list and the event are told one after the other, in either order.
      Map<String, JsonNode> told = new HashMap<>();
      for (int i = 0; i < 2; i++) {
        JsonNode frame = ben.next();
        told.put(frame.path("event").asText(), json(frame.path("data").asText()));
      }
      JsonNode news = told.get("pusher_internal:member_added");
      assertThat(news.path("user_id").asText()).isEqualTo("1");
      assertThat(news.path("user_info").path("name").asText()).isEqualTo("Ann");
      assertThat(news.path("user_info").path("status").path("devices").size()).isEqualTo(2);
      assertThat(told.get("user.status.updated").path("version").asInt()).isEqualTo(2);
      ben.expectSilence();
      ben.subscribeSigned(TEAM, member("2", "{}"));
      JsonNode again = data(ben, "pusher_internal:subscription_succeeded").path("presence");
      assertThat(again.path("hash").path("1").path("status").path("version").asInt()).isEqualTo(2);
    }
  }

  @Test
  void infoThatIsNoObjectStaysAsItIs() {
    try (TestClient ben = server.connect();
        TestClient ann = server.connect();
        TestClient phone = server.connect()) {
      ben.joinAs(TEAM, member("2", "{\"status\":\"mine\", \"x\":1 }"));
      JsonNode own = update(ben);
      assertThat(own.path("status").asText()).isEqualTo("online");
      JsonNode list = ann.joinAs(TEAM, member("1", "[\"Ann\"]"));

      assertThat(list.path("hash").path("1").toString()).isEqualTo("[\"Ann\"]");
      JsonNode info = list.path("hash").path("2");
      assertThat(info.path("x").asInt()).isEqualTo(1);
      assertThat(info.path("status").path("status").asText()).isEqualTo("online");
      assertThat(added(ben).path("user_info").toString()).isEqualTo("[\"Ann\"]");
      update(ben);
      phone.joinAs("presence-other", member("1", "{\"device\":\"mobile\"}"));
      update(ben);
      ben.expectSilence();
    }
  }

  @Test
  void whoSaysNothingOfItselfHasAStatus() {
    try (TestClient ann = server.connect()) {
      JsonNode list = ann.joinAs(TEAM, "{\"user_id\":\"1\"}");

      assertThat(list.path("hash").path("1").path("status").path("status").asText())
          .isEqualTo("online");
    }
  }

  /** Devices come while others join: all end with the same picture, and nobody is told twice. */
  @Test
  void whoJoinsWhileOthersChangeHasTheSamePictureAtLast() {
    List<TestClient> clients = new ArrayList<>();
    try {
      TestClient ben = server.connect();
      clients.add(ben);
      ben.joinAs(TEAM, member("ben", "{}"));
      for (int i = 0; i < 12; i++) {
        TestClient device = server.connect();
        clients.add(device);
        device.subscribeSigned(
            i % 2 == 0 ? TEAM : "presence-other", member("ann", "{\"device\":\"d" + i + "\"}"));
        TestClient joiner = server.connect();
        clients.add(joiner);
        joiner.subscribeSigned(TEAM, member("joiner" + i, "{}"));
      }
      for (TestClient client : clients) {
        Picture picture = new Picture(client);
        if (client == ben || picture.inTeam()) {
          picture.awaitDevices(12);
        }
      }
    } finally {
      clients.forEach(TestClient::close);
    }
  }

  /** How a client sees Ann, by the list it was given and what it was told since. */
  private static final class Picture {
    private final TestClient client;
    private int devices;
    private long version;

    Picture(TestClient client) {
      this.client = client;
    }

    boolean inTeam() {
      JsonNode frame = client.expectEvent("pusher_internal:subscription_succeeded");
      JsonNode hash = json(frame.path("data").asText()).path("presence").path("hash");
      take(hash.path("ann"));
      return frame.path("channel").asText().equals(TEAM);
    }

    private void take(JsonNode info) {
      JsonNode status = info.path("status");
      if (!status.isMissingNode()) {
        assertThat(status.path("version").asLong()).isGreaterThanOrEqualTo(version);
        version = status.path("version").asLong();
        devices = status.path("devices").size();
      }
    }

    void awaitDevices(int wanted) {
      while (devices < wanted) {
        JsonNode frame = client.next();
        JsonNode data = json(frame.path("data").asText());
        if (frame.path("event").asText().endsWith("member_added")
            && frame.path("channel").asText().equals(TEAM)
            && data.path("user_id").asText().equals("ann")) {
          take(data.path("user_info"));
        }
      }
    }
  }
}
