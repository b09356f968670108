package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.channel.Ports;
import dev.carillon.server.quota.Quota;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.ErrorLog;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.TestNode;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.XhrClient;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A quota that answers when the test wants it. */
class RemoteQuotaTest {
  private static final String APP = "/app/" + TestServer.KEY + "?protocol=7";
  private static final String XHR = "/pusher/app/" + TestServer.KEY + "/123/abcdefgh/";

  private final Queue<CompletableFuture<Boolean>> asked = new ConcurrentLinkedQueue<>();
  private final AtomicInteger left = new AtomicInteger();
  private final ErrorLog log = new ErrorLog();
  private final TestNode node =
      TestNode.with(
          TestServer.app().maxConnections(7).build(),
          ports ->
              new Ports(
                  ports.broker(),
                  ports.presence(),
                  ports.occupancy(),
                  ports.cache(),
                  ports.users(),
                  new Slow(),
                  ports.directory(),
                  ports.statuses(),
                  ports.held()));

  private final class Slow implements Quota {
    @Override
    public CompletionStage<Boolean> enter(String appId, int max) {
      CompletableFuture<Boolean> answer = new CompletableFuture<>();
      asked.add(answer);
      return answer;
    }

    @Override
    public void leave(String appId) {
      left.incrementAndGet();
    }

    @Override
    public CompletionStage<Integer> count(String appId) {
      return CompletableFuture.failedStage(new UnavailableException("Away"));
    }
  }

  @AfterEach
  void close() {
    log.expectNothing();
    log.close();
    node.close();
  }

  private CompletableFuture<Boolean> question() {
    Await.until("a question", () -> !asked.isEmpty());
    return asked.remove();
  }

  @Test
  void whoIsLetInLaterIsServedAsEver() {
    try (RawClient client = RawClient.open(node.port())) {
      client.send(RawClient.handshake(APP));
      question().complete(true);

      assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
      client.expectEvent("pusher:connection_established");
      client.subscribe("news").expectEvent("pusher_internal:subscription_succeeded");
      client.expectSilence();
      assertThat(left).hasValue(0);
    }
    Await.until("left", () -> left.get() == 1);
  }

  @Test
  void framesThatComeBeforeTheAnswerAreKeptInOrder() {
    try (RawClient client = RawClient.open(node.port())) {
      ByteArrayOutputStream together = new ByteArrayOutputStream();
      together.writeBytes(RawClient.handshake(APP).getBytes(StandardCharsets.US_ASCII));
      together.writeBytes(subscribe("a"));
      byte[] half = subscribe("b");
      together.write(half, 0, 9);
      client.send(together.toByteArray());
      CompletableFuture<Boolean> question = question();
      ByteArrayOutputStream rest = new ByteArrayOutputStream();
      rest.write(half, 9, half.length - 9);
      rest.writeBytes(subscribe("c"));
      client.send(rest.toByteArray());
      question.complete(true);

      assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
      client.expectEvent("pusher:connection_established");
      for (String channel : new String[] {"a", "b", "c"}) {
        assertThat(
                client
                    .expectEvent("pusher_internal:subscription_succeeded")
                    .path("channel")
                    .asText())
            .isEqualTo(channel);
      }
      client.expectSilence();
    }
  }

  private static byte[] subscribe(String channel) {
    String event = "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"" + channel + "\"}}";
    return RawClient.frame(0x80 | RawClient.TEXT, event.getBytes(StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoGoesWhileWaitingIsTakenOutAgain(boolean silent) {
    RawClient client = RawClient.open(node.port());
    client.send(RawClient.handshake(APP));
    CompletableFuture<Boolean> question = question();
    if (!silent) {
      client.send(subscribe("news"));
    }
    client.reset();
    question.complete(true);

    Await.until("left", () -> left.get() == 1);
    try (RawClient other = RawClient.open(node.port())) {
      other.send(RawClient.handshake(APP));
      question().complete(true);
      other.readHead();
      other.expectEvent("pusher:connection_established");
      other.expectSilence();
      assertThat(left).hasValue(1);
    }
  }

  @Test
  void whoGoesAndIsNotLetInWasNeverCounted() {
    RawClient client = RawClient.open(node.port());
    client.send(RawClient.handshake(APP));
    CompletableFuture<Boolean> question = question();
    client.reset();
    question.complete(false);

    try (RawClient other = RawClient.open(node.port())) {
      other.send(RawClient.handshake(APP));
      question().complete(true);
      other.readHead();
      other.expectEvent("pusher:connection_established");
      assertThat(left).hasValue(0);
    }
  }

  @Test
  void anAppThatIsFullIsRefusedAsEver() {
    try (RawClient client = RawClient.open(node.port())) {
      client.send(RawClient.handshake(APP));
      question().complete(false);

      assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
      JsonNode error = client.expectEvent("pusher:error").path("data");
      assertThat(error.path("code").asInt()).isEqualTo(4004);
      assertThat(error.path("message").asText()).contains("7 connections");
      assertThat(client.closeCode()).isEqualTo(4004);
    }
    assertThat(left).hasValue(0);
  }

  @Test
  void whoCannotBeCountedIsRefusedAndMayComeBack() {
    try (RawClient client = RawClient.open(node.port())) {
      client.send(RawClient.handshake(APP));
      question().completeExceptionally(new UnavailableException("Away"));

      assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
      JsonNode error = client.expectEvent("pusher:error").path("data");
      assertThat(error.path("code").asInt()).isEqualTo(4100);
      assertThat(error.path("message").asText()).isEqualTo("Away");
      assertThat(client.closeCode()).isEqualTo(4100);
    }
    assertThat(left).hasValue(0);
  }

  @Test
  void whoIsLetInWhenTheServerShutsDownIsRefusedAndTakenOutAgain() throws Exception {
    try (RawClient client = RawClient.open(node.port())) {
      client.send(RawClient.handshake(APP));
      CompletableFuture<Boolean> question = question();
      node.drain();
      question.complete(true);

      client.readHead();
      assertThat(client.closeCode()).isEqualTo(4100);
      Await.until("left", () -> left.get() == 1);
    }
  }

  @Test
  void anHttpFallbackWaitsToo() {
    try (RawClient client = RawClient.open(node.port())) {
      client.send(XhrClient.post(XHR + "xhr_streaming?protocol=7", "", ""));
      question().complete(true);

      assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
      StringBuilder lines = new StringBuilder();
      while (!lines.toString().contains("connection_established")) {
        lines.append(client.readChunk());
      }
      assertThat(lines.toString()).startsWith("o{}\n").contains("\na[");
      assertThat(left).hasValue(0);
    }
  }

  @Test
  void anHttpFallbackIsRefusedToo() {
    try (RawClient client = RawClient.open(node.port())) {
      client.send(XhrClient.post(XHR + "xhr?protocol=7", "", ""));
      question().completeExceptionally(new UnavailableException("Away"));

      assertThat(client.readAnswer()).contains("Away", "c[4100,");
    }
    assertThat(left).hasValue(0);
  }

  @Test
  void whoOpensAnHttpFallbackAndGoesIsTakenOutAgain() {
    RawClient client = RawClient.open(node.port());
    client.send(XhrClient.post(XHR + "xhr_streaming?protocol=7", "", ""));
    CompletableFuture<Boolean> question = question();
    client.reset();
    question.complete(true);

    Await.until("left", () -> left.get() == 1);
  }

  @Test
  void aCountThatCannotBeReadIsAnswered503() {
    assertThat(node.api().get("/connections").statusCode()).isEqualTo(503);
  }

  /** Not one of the bytes that are kept must leak; the leak gate tells. */
  @Test
  void whatAClientSaysThatGoesIsDropped() {
    for (int i = 0; i < 20; i++) {
      RawClient client = RawClient.open(node.port());
      client.send(RawClient.handshake(APP)).send(new byte[1000]);
      CompletableFuture<Boolean> question = question();
      client.close();
      question.complete(false);
    }
  }
}
