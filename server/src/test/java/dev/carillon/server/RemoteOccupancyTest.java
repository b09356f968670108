package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.broker.Topic;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.channel.Ports;
import dev.carillon.server.occupancy.Occupancy;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.ErrorLog;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestNode;
import dev.carillon.server.support.TestServer;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An occupancy that takes its time to count who has entered. */
class RemoteOccupancyTest {
  private final Queue<CompletableFuture<Void>> asked = new ConcurrentLinkedQueue<>();
  private final TestNode node =
      TestNode.with(
          TestServer.app().subscriptionCount(true).build(),
          ports ->
              new Ports(
                  ports.broker(),
                  ports.presence(),
                  new Slow(ports.occupancy()),
                  ports.cache(),
                  ports.users(),
                  ports.quota(),
                  ports.directory(),
                  ports.statuses(),
                  ports.held()));

  private final class Slow implements Occupancy {
    private final Occupancy local;

    Slow(Occupancy local) {
      this.local = local;
    }

    @Override
    public CompletionStage<Void> entered(Topic topic) {
      CompletableFuture<Void> told = new CompletableFuture<>();
      asked.add(told);
      return told.thenCompose(none -> local.entered(topic));
    }

    @Override
    public void left(Topic topic) {
      local.left(topic);
    }

    @Override
    public CompletionStage<Integer> subscriptions(Topic topic) {
      return local.subscriptions(topic);
    }
  }

  @AfterEach
  void close() {
    node.close();
  }

  private CompletableFuture<Void> question() {
    Await.until("a subscriber enters", () -> !asked.isEmpty());
    return asked.remove();
  }

  @ParameterizedTest
  @ValueSource(strings = {"private-encrypted-a", "presence-a", "private-encrypted-cache-a"})
  void aSubscriptionIsAcknowledgedWhenItIsCounted(String channel) {
    try (TestClient client = node.connect()) {
      client.subscribeSigned(
          channel, channel.startsWith("presence-") ? "{\"user_id\":\"u1\"}" : null);
      CompletableFuture<Void> question = question();
      client.expectSilence();

      question.complete(null);

      client.expectEvent("pusher_internal:subscription_succeeded");
      assertThat(node.api().get("/channels").body()).contains(channel);
    }
  }

  @Test
  void subscribersAreToldTheirCountWhenItIsKnown() {
    try (TestClient client = node.connect().subscribe("news")) {
      question().complete(null);

      client.expectEvent("pusher_internal:subscription_succeeded");
      assertThat(client.expectEvent("pusher_internal:subscription_count").toString())
          .contains("\\\"subscription_count\\\":1");
    }
  }

  @Test
  void whoCannotBeCountedIsNotSubscribed() {
    try (ErrorLog log = new ErrorLog();
        TestClient client = node.connect()) {
      client.subscribeSigned("presence-a", "{\"user_id\":\"u1\"}");
      question().completeExceptionally(new UnavailableException("Away"));

      client.expectEvent("pusher:subscription_error");
      client.expectError();
      assertThat(node.api().get("/channels/presence-a/users").body()).isEqualTo("{\"users\":[]}");
      log.expectNothing();
    }
  }

  @Test
  void whoLeavesBeforeItIsCountedIsNoMember() {
    try (TestClient client = node.connect()) {
      client.subscribeSigned("presence-a", "{\"user_id\":\"u1\"}");
      CompletableFuture<Void> question = question();
      client.unsubscribe("presence-a").expectSilence();
      question.complete(null);

      Await.until(
          "no member",
          () -> node.api().get("/channels/presence-a/users").body().equals("{\"users\":[]}"));
      client.expectSilence();
    }
  }
}
