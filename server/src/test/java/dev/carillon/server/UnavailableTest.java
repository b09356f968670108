package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.support.ErrorLog;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestNode;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node whose broker cannot be reached for a time. */
class UnavailableTest {
  private static final String TEXT = "The broker cannot be reached";
  private static final String EVENT = "{\"name\":\"e\",\"channel\":\"news\",\"data\":\"{}\"}";

  private final TestNode node = TestNode.withBroker(Away::new);
  private final ErrorLog log = new ErrorLog();
  private volatile RuntimeException away = new UnavailableException(TEXT);
  private volatile boolean back;

  private final class Away implements Broker {
    private final Broker local;

    Away(Broker local) {
      this.local = local;
    }

    @Override
    public CompletionStage<Void> subscribe(Topic topic) {
      CompletionStage<Void> subscribed = local.subscribe(topic);
      return back ? subscribed : CompletableFuture.failedStage(away);
    }

    @Override
    public void unsubscribe(Topic topic) {
      local.unsubscribe(topic);
    }

    @Override
    public CompletionStage<Void> publish(Topic topic, Envelope envelope) {
      return back ? local.publish(topic, envelope) : CompletableFuture.failedStage(away);
    }
  }

  @AfterEach
  void close() {
    log.close();
    node.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        EVENT,
        "{\"name\":\"e\",\"channels\":[\"a\",\"b\"],\"data\":\"{}\"}",
        "{\"name\":\"e\",\"channel\":\"cache-a\",\"data\":\"{}\"}",
        "{\"name\":\"e\",\"channel\":\"a\",\"data\":\"{}\",\"info\":\"subscription_count\"}",
        "{\"name\":\"e\",\"channel\":\"a\",\"data\":\"{}\",\"idempotency_key\":\"one\"}"
      })
  void aPublishThatIsNotAcceptedIsAnswered503(String body) {
    HttpResponse<String> answer = node.api().trigger(body);

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo(TEXT + "\n");
    log.expectNothing();
  }

  @Test
  void soIsOneWhoseFailureCameWrapped() {
    away = new CompletionException(new UnavailableException(TEXT));

    assertThat(node.api().trigger(EVENT).statusCode()).isEqualTo(503);
    log.expectNothing();
  }

  @Test
  void whatFailedMayBeSentAgainWithItsKey() {
    String body = EVENT.replace("\"name\"", "\"idempotency_key\":\"k\",\"name\"");
    assertThat(node.api().trigger(body).statusCode()).isEqualTo(503);
    back = true;

    try (TestClient client = node.connect().join("news")) {
      assertThat(node.api().trigger(body).statusCode()).isEqualTo(200);
      client.expectEvent("e");
    }
  }

  @Test
  void aSubscriberIsToldAndMayTryAgain() {
    try (TestClient client = node.connect().subscribe("news")) {
      JsonNode refusal = client.expectEvent("pusher:subscription_error").path("data");
      assertThat(refusal.path("type").asText()).isEqualTo("Unavailable");
      assertThat(refusal.path("status").asInt()).isEqualTo(503);
      assertThat(refusal.path("error").asText()).isEqualTo(TEXT);
      JsonNode error = client.expectError();
      assertThat(error.path("code").isNull()).isTrue();
      assertThat(error.path("message").asText()).isEqualTo(TEXT);
      back = true;

      client.join("news").expectSilence();
      log.expectNothing();
    }
  }

  @Test
  void whoseClientEventIsNotSentIsTold() {
    back = true;
    try (TestClient client = node.connect().join("private-a")) {
      back = false;
      client.send("{\"event\":\"client-x\",\"channel\":\"private-a\",\"data\":1}");
      assertThat(client.expectError().path("message").asText()).isEqualTo(TEXT);
      log.expectNothing();
    }
  }

  @Test
  void whoseSignInFailsIsTold() {
    try (TestClient client = node.connect().signinSigned("{\"id\":\"u1\"}")) {
      assertThat(client.expectError().path("message").asText()).isEqualTo(TEXT);
      back = true;

      client.signedInAs("u1").expectSilence();
      log.expectNothing();
    }
  }
}
