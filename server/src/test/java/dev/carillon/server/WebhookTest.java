package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.config.AppConfig;
import dev.carillon.server.config.WebhookConfig;
import dev.carillon.server.config.WebhookKind;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.SingleNode;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestEndpoint;
import dev.carillon.server.support.TestServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Conformance cases 87 to 89. */
class WebhookTest {
  private static final Duration PATIENCE = Duration.ofMillis(700);

  @TempDir private Path data;

  private final TestEndpoint endpoint = new TestEndpoint();
  private final List<AutoCloseable> open = new ArrayList<>(List.of(endpoint));

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T closing(T closeable) {
    open.add(closeable);
    return closeable;
  }

  private TestServer start(UnaryOperator<WebhookConfig.Builder> change) {
    WebhookConfig webhook = change.apply(WebhookConfig.of(endpoint.url()).toBuilder()).build();
    return start(TestServer.app().webhooks(List.of(webhook)).build());
  }

  private TestServer start(AppConfig... apps) {
    return closing(TestServer.start(TestServer.config().toBuilder().dataDir(data).build(), apps));
  }

  private TestServer startPatient() {
    return start(
        TestServer.app()
            .webhookPatience(PATIENCE)
            .webhooks(List.of(WebhookConfig.of(endpoint.url())))
            .build());
  }

  private TestClient connect(TestServer server) {
    return closing(server.connect());
  }

  /** Case 87. */
  @Test
  void theFirstSubscriberIsToldSigned() {
    connect(start(webhook -> webhook)).join("a");

    TestEndpoint.Post post = endpoint.next();

    assertThat(post.head())
        .startsWith("POST /pusher?a=b HTTP/1.1\r\nHost: 127.0.0.1:" + endpoint.port() + "\r\n")
        .contains("\r\nContent-Type: application/json\r\n")
        .contains("\r\nX-Pusher-Key: " + TestServer.KEY + "\r\n")
        .containsPattern("\r\nX-Pusher-Signature: [0-9a-f]{64}\r\n")
        .containsPattern("\r\nIdempotency-Key: [0-9a-f-]{36}\r\n");
    assertThat(post.text())
        .matches(
            "\\{\"time_ms\":[0-9]{13},\"events\":\\[\\{\"name\":\"channel_occupied\",\"channel\":\"a\"}]}");
    assertThat(post.isSigned()).isTrue();
  }

  @Test
  void aSecondSubscriberIsNot() {
    TestServer server = start(webhook -> webhook);
    connect(server).join("a");
    connect(server).join("a").join("b");

    endpoint.expect("channel_occupied", "a").expect("channel_occupied", "b");
  }

  /** Case 88. */
  @Test
  void whoComesBackInTimeWasNeverGone() {
    TestServer server = startPatient();
    TestClient alice = server.connect().join("a");
    alice.joinAs("presence-a", "{\"user_id\":7}");
    alice.close();
    Await.until(
        "all have left", () -> server.metrics().contains("carillon_connections{app=\"3\"} 0"));

    TestClient again = connect(server).join("a");
    again.joinAs("presence-a", "{\"user_id\":\"7\"}");
    again.join("private-last");

    endpoint
        .expect("channel_occupied", "a")
        .expect("channel_occupied", "presence-a")
        .expect("member_added", "presence-a")
        .expect("channel_occupied", "private-last");
    again.unsubscribe("private-last").expectSilence();
    endpoint.expect("channel_vacated", "private-last");
  }

  /** Case 88: members leave before their channel is vacated. */
  @Test
  void whoStaysAwayIsToldOnce() {
    TestServer server = startPatient();
    TestClient alice = server.connect();
    alice.joinAs("presence-a", "{\"user_id\":7}");
    long begin = System.nanoTime();
    alice.close();

    endpoint.expect("channel_occupied", "presence-a").expect("member_added", "presence-a");
    assertThat(endpoint.nextEvent())
        .isEqualTo("{\"name\":\"member_removed\",\"channel\":\"presence-a\",\"user_id\":\"7\"}");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(PATIENCE);
    endpoint.expect("channel_vacated", "presence-a");

    connect(server).join("a");
    endpoint.expect("channel_occupied", "a");
  }

  @Test
  void patienceIsThreeSecondsUnlessConfigured() {
    TestServer server = start(webhook -> webhook);
    TestClient alice = connect(server).join("a");
    endpoint.expect("channel_occupied", "a");
    long begin = System.nanoTime();

    alice.unsubscribe("a");

    endpoint.expect("channel_vacated", "a");
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(6));
  }

  /** Case 89. */
  @Test
  void aMembersSecondConnectionIsNotTold() {
    TestServer server = startPatient();
    TestClient alice = connect(server);
    alice.joinAs("presence-a", "{\"user_id\":7}");
    TestClient phone = connect(server);
    phone.joinAs("presence-a", "{\"user_id\":7}");
    phone.unsubscribe("presence-a").expectSilence();
    connect(server).joinAs("presence-a", "{\"user_id\":\"8\"}");

    endpoint.expect("channel_occupied", "presence-a");
    assertThat(endpoint.nextEvent())
        .isEqualTo("{\"name\":\"member_added\",\"channel\":\"presence-a\",\"user_id\":\"7\"}");
    assertThat(endpoint.nextEvent())
        .isEqualTo("{\"name\":\"member_added\",\"channel\":\"presence-a\",\"user_id\":\"8\"}");
  }

  /** Case 89. */
  @Test
  void aClientEventIsToldAsItWasSent() {
    TestServer server = start(webhook -> webhook.events(List.of(WebhookKind.CLIENT_EVENT)));
    TestClient alice = connect(server).join("private-a");
    alice.joinAs("presence-a", "{\"user_id\":7}");
    String data = "{ \"n\" : 12345678901234567890.50 }";

    String socket = ",\"socket_id\":\"" + alice.socketId() + "\"";
    alice.send("{\"event\":\"client-x\",\"channel\":\"private-a\",\"data\":" + data + "}");
    assertThat(endpoint.next().text())
        .endsWith(
            "\"events\":[{\"name\":\"client_event\",\"channel\":\"private-a\",\"event\":\"client-x\",\"data\":"
                + data
                + socket
                + "}]}");
    alice.send("{\"event\":\"client-y\",\"channel\":\"presence-a\"}");
    assertThat(endpoint.next().text())
        .endsWith(
            "\"events\":[{\"name\":\"client_event\",\"channel\":\"presence-a\",\"event\":\"client-y\""
                + socket
                + ",\"user_id\":\"7\"}]}");
  }

  @Test
  void aRefusedClientEventIsNotTold() {
    TestServer server = start(webhook -> webhook.events(List.of(WebhookKind.CLIENT_EVENT)));
    TestClient alice = connect(server).join("a").join("private-a");

    alice.send("{\"event\":\"client-no\",\"channel\":\"a\",\"data\":1}").expectError();
    alice.send("{\"event\":\"client-no\",\"channel\":\"private-b\",\"data\":1}").expectError();
    alice.send("{\"event\":\"client-yes\",\"channel\":\"private-a\",\"data\":1}");

    endpoint.expect("client_event", "private-a");
  }

  @Test
  void eventsOfOneMomentAreOneDeliveryOfFiftyAtMost() {
    TestServer server = start(webhook -> webhook);
    TestClient alice = connect(server);
    StringBuilder expected = new StringBuilder();
    StringBuilder got = new StringBuilder();
    for (int i = 0; i < 120; i++) {
      alice.subscribe("room-" + i);
      expected.append("room-").append(i).append(' ');
    }

    int events = 0;
    int posts = 0;
    for (; events < 120; posts++) {
      List<String> batch = endpoint.next().events();
      assertThat(batch).hasSizeBetween(1, 50);
      batch.forEach(
          event -> got.append(TestClient.json(event).path("channel").asText()).append(' '));
      events += batch.size();
    }

    assertThat(posts).isBetween(3, 60);
    assertThat(got.toString()).isEqualTo(expected.toString());
  }

  @SingleNode
  @Test
  void anEndpointIsToldOfItsKindsAndChannelsOnly() {
    TestServer server =
        start(
            webhook ->
                webhook
                    .events(List.of(WebhookKind.CHANNEL_OCCUPIED, WebhookKind.MEMBER_ADDED))
                    .channelPrefixes(List.of("presence-", "private-chat."))
                    .headers(Map.of("X-Team", "red")));
    TestClient alice = connect(server).join("a").join("private-a").join("private-chat.1");
    alice.joinAs("presence-a", "{\"user_id\":7}");
    alice.send("{\"event\":\"client-x\",\"channel\":\"presence-a\",\"data\":1}").expectSilence();
    alice.join("private-chat.2");

    List<String> events = new ArrayList<>();
    while (events.size() < 4) {
      TestEndpoint.Post post = endpoint.next();
      assertThat(post.isSigned()).isTrue();
      assertThat(post.head()).contains("\r\nX-Team: red\r\n");
      events.addAll(post.events());
    }
    assertThat(events)
        .containsExactly(
            "{\"name\":\"channel_occupied\",\"channel\":\"private-chat.1\"}",
            "{\"name\":\"channel_occupied\",\"channel\":\"presence-a\"}",
            "{\"name\":\"member_added\",\"channel\":\"presence-a\",\"user_id\":\"7\"}",
            "{\"name\":\"channel_occupied\",\"channel\":\"private-chat.2\"}");
  }

  @Test
  void twoAppsAreNeverMixed() {
    TestEndpoint second = closing(new TestEndpoint());
    AppConfig other =
        AppConfig.sample().toBuilder()
            .id("other")
            .key("other-key")
            .secret("other-secret")
            .webhooks(List.of(WebhookConfig.of(second.url()), WebhookConfig.of(endpoint.url())))
            .build();
    TestServer server =
        start(TestServer.app().webhooks(List.of(WebhookConfig.of(endpoint.url()))).build(), other);
    TestClient alice = connect(server);
    TestClient bob = closing(server.open("/app/other-key?protocol=7").established());
    for (int i = 0; i < 20; i++) {
      alice.join("a-" + i);
      bob.join("b-" + i);
    }

    for (int seen = 0; seen < 40; ) {
      TestEndpoint.Post post = endpoint.next();
      boolean alices = post.header("X-Pusher-Key").equals(TestServer.KEY);
      assertThat(post.isSigned()).isEqualTo(alices);
      assertThat(post.events())
          .allSatisfy(event -> assertThat(event).contains(alices ? "\"a-" : "\"b-"));
      seen += post.events().size();
    }
    for (int i = 0; i < 20; i++) {
      second.expect("channel_occupied", "b-" + i);
    }
  }

  @Test
  void twoEntriesWithOneAddressAreTwo() {
    WebhookConfig all = WebhookConfig.of(endpoint.url());
    WebhookConfig some = all.toBuilder().channelPrefixes(List.of("b")).build();
    connect(start(TestServer.app().webhooks(List.of(all, some)).build())).join("a").join("b");

    List<String> channels = new ArrayList<>();
    while (channels.size() < 3) {
      channels.add(TestClient.json(endpoint.nextEvent()).path("channel").asText());
    }

    assertThat(channels).containsExactlyInAnyOrder("a", "b", "b");
  }

  @Test
  void aSlowEndpointMakesNobodyWait() {
    CountDownLatch end = new CountDownLatch(1);
    TestEndpoint slow =
        closing(new TestEndpoint())
            .answering(
                n -> {
                  try {
                    end.await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                  return "200 OK";
                });
    TestServer server =
        start(
            TestServer.app()
                .webhooks(List.of(WebhookConfig.of(slow.url()), WebhookConfig.of(endpoint.url())))
                .build());
    TestClient alice = connect(server);

    for (int i = 0; i < 10; i++) {
      alice.join("a-" + i);
      endpoint.expect("channel_occupied", "a-" + i);
    }

    assertThat(slow.next().events()).isNotEmpty();
    assertThat(slow.untaken()).isZero();
    end.countDown();
    Await.until(
        "all is told", () -> server.metrics().contains("carillon_webhook_waiting{app=\"3\"} 0"));
  }

  @Test
  void anAppWithoutWebhooksNeedsNoFolder() {
    TestServer server = start(TestServer.app().build());
    connect(server).join("a");

    assertThat(data).isEmptyDirectory();
    assertThat(server.metrics()).doesNotContain("carillon_webhook");
  }

  @Test
  void whatIsToldIsCounted() {
    TestServer server = start(webhook -> webhook);
    connect(server).join("a");
    endpoint.expect("channel_occupied", "a");

    Await.until(
        "it is counted",
        () ->
            server
                .metrics()
                .contains("carillon_webhook_events_total{app=\"3\",outcome=\"delivered\"} 1"));
    assertThat(server.metrics()).containsPattern("carillon_webhook_spool_bytes\\{app=\"3\"} [1-9]");
  }

  @Test
  void theAddressWhereCloudsKeepSecretsIsRefused() {
    WebhookConfig metadata =
        WebhookConfig.of(URI.create("http://169.254.169.254/latest/meta-data"));
    TestServer server = start(TestServer.app().webhooks(List.of(metadata)).build());
    connect(server).join("a");

    Await.until(
        "it was refused",
        () -> server.metrics().contains("carillon_webhook_attempts_failed_total{app=\"3\"} 1"));
  }

  @Test
  void theTimeIsWhenTheBodyWasMade() {
    connect(start(webhook -> webhook)).join("a");

    JsonNode body = TestClient.json(endpoint.next().text());

    assertThat(Math.abs(System.currentTimeMillis() - body.path("time_ms").asLong()))
        .isLessThan(10_000);
  }
}
