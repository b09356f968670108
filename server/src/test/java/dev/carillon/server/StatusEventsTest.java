package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.config.AppConfigBuilder;
import dev.carillon.server.config.StatusConfig;
import dev.carillon.server.config.StatusRules;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients say of how their user is. */
class StatusEventsTest {
  private static final StatusRules AT_ONCE =
      StatusRules.defaults().toBuilder().coalesce(Duration.ZERO).build();
  private static final String TEAM = "presence-team";
  private static final String OWN = "private-App.Models.User.1";
  private static final String ANN =
      "{\"user_id\":\"1\",\"user_info\":{\"name\":\"Ann\",\"device\":\"web\",\"device_id\":\"d1\"}}";

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private TestServer start(UnaryOperator<AppConfigBuilder> change) {
    TestServer server = TestServer.startWithStatus(AT_ONCE, change);
    open.add(server);
    return server;
  }

  private TestClient connect(TestServer server) {
    TestClient client = server.connect();
    open.add(client);
    return client;
  }

  private TestClient ann(TestServer server) {
    TestClient ann = connect(server);
    ann.joinAs(TEAM, ANN);
    assertThat(update(ann).get("status").asText()).isEqualTo("online");
    return ann;
  }

  private static JsonNode update(TestClient client) {
    return TestClient.json(client.expectEvent("user.status.updated").get("data").asText());
  }

  private static String set(String data) {
    return "{\"event\":\"status:set\",\"data\":" + data + "}";
  }

  @Test
  void aClientSetsTheStatusOfItsUser() {
    TestServer server = start(app -> app);
    TestClient ann = ann(server);

    ann.send(set("{\"status\":\"busy\",\"custom_message\":\"In a call\"}"));

    JsonNode told = update(ann);
    assertThat(told.get("user_id").asText()).isEqualTo("1");
    assertThat(told.get("status").asText()).isEqualTo("busy");
    assertThat(told.get("custom_message").asText()).isEqualTo("In a call");
    assertThat(told.get("cause").asText()).isEqualTo("manual");

    ann.send(set(TestClient.quoted("{\"status\":\"auto\"}")));
    JsonNode after = update(ann);
    assertThat(after.get("status").asText()).isEqualTo("online");
    assertThat(after.get("custom_message").isNull()).isTrue();
  }

  @Test
  void aMessageOfSpacesIsNone() {
    TestClient ann = ann(start(app -> app));

    ann.send(set("{\"status\":\"busy\",\"custom_message\":\"   \"}"));

    assertThat(update(ann).get("custom_message").isNull()).isTrue();
  }

  @Test
  void whoHasSignedInMayToo() {
    TestServer server = start(app -> app);
    TestClient ann = connect(server).signedInAs("1");
    ann.join(OWN);

    ann.send(set("{\"status\":\"invisible\",\"custom_message\":\"x\"}"));

    JsonNode told = update(ann);
    if (told.get("status").asText().equals("online")) { // that she came was told in time
      told = update(ann);
    }
    assertThat(told.get("status").asText()).isEqualTo("invisible");
    assertThat(server.api().get("/users/1/status").body())
        .contains("\"status\":\"offline\"", "\"choice\":\"invisible\"");
  }

  @Test
  void anEndIsKept() {
    TestClient ann = ann(start(app -> app));

    ann.send(set("{\"status\":\"dnd\",\"expires_at\":\"2999-01-05T11:00:00+01:00\"}"));

    assertThat(update(ann).get("expires_at").asText()).isEqualTo("2999-01-05T10:00:00Z");
  }

  @Test
  void activityWakesADeviceThatWasSaidToBeAway() {
    TestServer server = start(app -> app);
    TestClient ann = ann(server);
    server.api().post("/users/1/status", "{\"status\":\"away\",\"device_id\":\"d1\"}");
    assertThat(update(ann).get("status").asText()).isEqualTo("away");

    ann.send("{\"event\":\"status:activity\",\"data\":{}}");

    JsonNode told = update(ann);
    assertThat(told.get("status").asText()).isEqualTo("online");
    assertThat(told.get("cause").asText()).isEqualTo("active");
  }

  @Test
  void whoseUserIsNotKnownIsRefused() {
    TestClient nobody = connect(start(app -> app)).join("news");
    String text =
        "Status rejected - the user of this connection is not known: sign in or join a presence"
            + " channel first";

    nobody.send(set("{\"status\":\"busy\"}"));
    assertError(nobody, null, text);
    nobody.send("{\"event\":\"status:activity\",\"data\":{}}");
    assertError(nobody, null, text);
  }

  private static void assertError(TestClient client, Integer code, String text) {
    JsonNode data = client.expectError();
    assertThat(data.get("message").asText()).isEqualTo(text);
    assertThat(code == null ? data.get("code").isNull() : data.get("code").asInt() == code)
        .isTrue();
  }

  @Test
  void anAppMayKeepClientsFromIt() {
    TestServer server =
        start(app -> app.status(new StatusConfig(true, false, false, false, "private-{id}")));
    TestClient ann = ann(server);

    ann.send(set("{\"status\":\"busy\"}"));
    assertError(ann, 4301, "The app does not let clients set a status.");
    ann.send("{\"event\":\"status:activity\"}");
    assertError(ann, 4301, "The app does not let clients set a status.");
  }

  @Test
  void anAppWithoutStatusSaysSo() {
    TestServer server = start(app -> app.status(StatusConfig.off()));
    TestClient ann = connect(server);
    ann.joinAs(TEAM, ANN);

    ann.send(set("{\"status\":\"busy\"}"));
    assertError(ann, 4301, "The app does not have user status enabled.");
  }

  @Test
  void moreThanClientEventsMayComeIsRefused() {
    TestClient ann = ann(start(app -> app.clientEventsPerSecond(2)));

    ann.send("{\"event\":\"client-a\",\"channel\":\"presence-team\",\"data\":{}}")
        .send("{\"event\":\"status:activity\",\"data\":{}}")
        .send(set("{\"status\":\"busy\"}"));

    assertError(ann, 4301, "Client event rejected due to rate limit");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | Missing required parameter: status, allowed is one of online, away, busy, dnd, invisible, offline, auto",
        "{'status':'idle'} | Invalid status: got 'idle', allowed is one of online, away, busy, dnd, invisible, offline, auto",
        "{'status':['busy']} | Invalid status: got an array, allowed is one of online, away, busy, dnd, invisible, offline, auto",
        "{'status':'busy','custom_message':7} | Invalid custom_message: got 7, allowed is a string of 0 to 100 characters",
        "{'status':'busy','expires_at':'never'} | Invalid expires_at: got 'never', allowed is a time like 2026-01-05T10:02:11Z",
        "'busy' | Invalid message format",
        "7 | Invalid message format",
      })
  void whatIsWrongIsTold(String data, String text) {
    TestClient ann = ann(start(app -> app));

    ann.send(set(data.replace('\'', '"')));

    assertError(ann, null, text);
  }

  @Test
  void anEndThatHasPassedIsRefused() {
    TestClient ann = ann(start(app -> app));

    ann.send(set("{\"status\":\"busy\",\"expires_at\":\"2020-01-05T11:00:00Z\"}"));

    assertThat(ann.expectError().get("message").asText())
        .startsWith("Invalid expires_at: got 2020-01-05T11:00:00Z, allowed is a time after now");
  }
}
