package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.status.Status;
import dev.carillon.server.config.DndConfig;
import dev.carillon.server.config.StatusConfig;
import dev.carillon.server.status.Chosen;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestNode;
import dev.carillon.server.support.TestServer;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What who publishes may say of urgency, and learns of what was held. */
class SuppressedEventTest {
  private static final String OWN = "private-App.Models.User.1";

  private final TestNode node =
      TestNode.with(TestServer.app().status(StatusConfig.defaults()).build(), DndConfig.defaults());

  @AfterEach
  void close() {
    node.close();
  }

  private void quiet() {
    Chosen.now(node.statuses(), "1", Status.DND);
  }

  private static void expect(TestClient client, String... data) {
    for (String each : data) {
      assertThat(client.next().path("data").asText()).isEqualTo(each);
    }
  }

  @Test
  void whatIsUrgentIsDelivered() {
    try (TestClient ann = node.connect().join(OWN)) {
      quiet();
      node.api().trigger(OWN, "notification.new", "a");

      HttpResponse<String> answer =
          node.api()
              .trigger(
                  "{\"name\":\"notification.new\",\"channel\":\""
                      + OWN
                      + "\",\"data\":\"now\",\"urgent\":true,\"info\":\"suppressed\"}");

      assertThat(answer.body())
          .isEqualTo("{\"channels\":{\"" + OWN + "\":{\"suppressed\":false}}}");
      expect(ann, "now");
      ann.expectSilence();
    }
  }

  @Test
  void theAnswerTellsOnlyWhoAsks() {
    quiet();
    String event =
        "{\"name\":\"notification.new\",\"channels\":[\"" + OWN + "\",\"news\"],\"data\":\"a\"";

    assertThat(node.api().trigger(event + "}").body()).isEqualTo("{}");
    assertThat(node.api().trigger(event + ",\"info\":\"suppressed,subscription_count\"}").body())
        .isEqualTo(
            "{\"channels\":{\""
                + OWN
                + "\":{\"subscription_count\":0,\"suppressed\":true},"
                + "\"news\":{\"subscription_count\":0,\"suppressed\":false}}}");
  }

  @Test
  void aBatchStaysInItsOrder() {
    String item = "{\"channel\":\"" + OWN + "\",\"data\":\"%s\",\"name\":\"%s\"%s}";
    String batch =
        "{\"batch\":["
            + String.join(
                ",",
                item.formatted("a", "notification.new", ",\"info\":\"suppressed\""),
                item.formatted("b", "else", ",\"info\":\"suppressed\""),
                item.formatted("c", "notification.new", ",\"urgent\":true"),
                item.formatted("d", "notification.new", ""))
            + "]}";
    try (TestClient ann = node.connect().join(OWN)) {
      quiet();

      assertThat(node.api().post("/batch_events", batch).body())
          .isEqualTo("{\"batch\":[{\"suppressed\":true},{\"suppressed\":false},{},{}]}");
      expect(ann, "b", "c");
      Chosen.now(node.statuses(), "1", Status.ONLINE);
      expect(ann, "a", "d");

      node.api().post("/batch_events", batch);
      expect(ann, "a", "b", "c", "d");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"/events | {%s}", "/batch_events | {\"batch\":[{%s}]}"})
  void anUrgencyThatIsNoBooleanIsRefused(String endpoint, String body) {
    String event = "\"name\":\"a\",\"channel\":\"b\",\"data\":\"c\",\"urgent\":\"yes\"";

    HttpResponse<String> answer = node.api().post(endpoint, body.formatted(event));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body().strip())
        .isEqualTo("Expected urgent parameter to be a boolean, got a string");
  }
}
