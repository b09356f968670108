package dev.carillon.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.Server;
import dev.carillon.server.config.AdminConfig;
import dev.carillon.server.config.AppConfigBuilder;
import dev.carillon.server.config.Config;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.config.WebhookConfig;
import dev.carillon.server.config.WebhookKind;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.TestApi;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestEndpoint;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients, servers and operators see when Redis or a node is away, or nodes differ. */
@Timeout(120)
class NodesAndRedisTest {
  private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(2);
  private static final String EVENT = "{\"name\":\"e\",\"channel\":\"news\",\"data\":\"x\"}";

  private RedisServer redis;
  private ScalingConfig scaling;

  @BeforeEach
  void start() {
    redis = RedisServer.start();
    scaling =
        OnRedis.at(redis.port(), Duration.ofSeconds(2)).toBuilder()
            .publishTimeout(PUBLISH_TIMEOUT)
            .build();
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  private TestServer node(UnaryOperator<AppConfigBuilder> app) {
    return TestServer.startNode(scaling, app);
  }

  private static int ready(TestServer node) {
    return node.admin().send("GET", "/ready", "").statusCode();
  }

  @Test
  void aPublishWaitsForARedisThatIsSoonBack() {
    try (TestServer node = node(app -> app);
        TestClient client = node.connect().join("news")) {
      redis.kill();
      Await.until("it is away", () -> ready(node) == 503);
      CompletableFuture<HttpResponse<String>> answer =
          CompletableFuture.supplyAsync(() -> node.api().trigger(EVENT));
      redis.restart();

      assertThat(answer.join().statusCode()).isEqualTo(200);
      Await.until("it is back", () -> ready(node) == 200);
      node.api().trigger("news", "last", "y");
      String next = client.nextText();
      while (!next.contains("\"last\"")) {
        next = client.nextText(); // the first may have been published before all was subscribed
      }
    }
  }

  @Test
  void whoAsksWhileRedisIsAwayIsAnswered503AndConnectionsStay() {
    try (TestServer node = node(app -> app);
        TestClient client = node.connect().join("news")) {
      redis.kill();
      Await.until("it is away", () -> ready(node) == 503);
      long begun = System.nanoTime();

      assertThat(node.api().trigger(EVENT).statusCode()).isEqualTo(503);
      Duration waited = Duration.ofNanos(System.nanoTime() - begun);
      assertThat(waited).isGreaterThanOrEqualTo(PUBLISH_TIMEOUT);
      for (String question : new String[] {"/channels", "/channels/news", "/connections"}) {
        assertThat(node.api().get(question).statusCode()).as(question).isEqualTo(503);
      }
      client.expectSilence();
      redis.restart();

      Await.until("it is back", () -> ready(node) == 200);
      node.api().trigger("news", "e", "x");
      client.expectEvent("e");
    }
  }

  @Test
  void aNodeThatStartsWithoutRedisIsNoIsland() throws Exception {
    redis.kill();
    Config config =
        Config.defaults()
            .withScaling(scaling)
            .withServer(TestServer.config())
            .withAdmin(AdminConfig.defaults().toBuilder().port(0).build())
            .withApps(TestServer.app().build());
    try (Server node = Server.start(config);
        TestClient client = open(node.port())) {
      TestApi api = api(node.port());
      client.subscribe("news").expectSilence();
      assertThat(api(node.adminPort()).send("GET", "/ready", "").statusCode()).isEqualTo(503);
      assertThat(api.trigger(EVENT).statusCode()).isEqualTo(503);
      client.expectSilence();
      redis.restart();

      client.expectEvent("pusher_internal:subscription_succeeded");
      api.trigger("news", "e", "x");
      client.expectEvent("e");
      assertThat(api(node.adminPort()).send("GET", "/ready", "").statusCode()).isEqualTo(200);
    }
  }

  private static TestApi api(int port) {
    return new TestApi("http://127.0.0.1:" + port, "", "3", TestServer.CREDENTIALS);
  }

  @Test
  void nodesMayDifferAndEachTellsOfWhatItHasMade(@TempDir Path data) throws Exception {
    try (TestEndpoint ofOne = new TestEndpoint();
        TestEndpoint ofTwo = new TestEndpoint();
        TestServer one =
            TestServer.startNode(
                scaling, data.resolve("1"), telling(ofOne).maxPresenceMembers(1).build());
        TestServer two =
            TestServer.startNode(
                scaling, data.resolve("2"), telling(ofTwo).maxConnections(9).build());
        TestClient here = one.connect().join("news");
        TestClient there = two.connect().join("news")) {
      two.api().trigger("news", "e", "x");
      here.expectEvent("e");
      there.expectEvent("e");
      here.joinAs("presence-a", "{\"user_id\":\"1\"}");
      there.joinAs("presence-a", "{\"user_id\":\"2\"}");
      here.expectEvent("pusher_internal:member_added");
      here.unsubscribe("news");
      Await.until("only one is left", () -> subscribersOfNews(two.api()) == 1);
      there.unsubscribe("news").expectSilence();
      here.join("last-of-one");
      there.join("last-of-two");

      assertThat(ofOne.nextEvent()).isEqualTo(event("channel_occupied", "news"));
      assertThat(ofOne.nextEvent()).isEqualTo(event("channel_occupied", "presence-a"));
      assertThat(ofOne.nextEvent()).isEqualTo(event("channel_occupied", "last-of-one"));
      assertThat(List.of(ofTwo.nextEvent(), ofTwo.nextEvent()))
          .containsExactlyInAnyOrder(
              event("channel_vacated", "news"), event("channel_occupied", "last-of-two"));
    }
  }

  private static int subscribersOfNews(TestApi api) {
    String answer = api.get("/channels/news", Map.of("info", "subscription_count")).body();
    return TestClient.json(answer).path("subscription_count").asInt();
  }

  private static AppConfigBuilder telling(TestEndpoint endpoint) {
    WebhookConfig webhook =
        WebhookConfig.of(endpoint.url()).toBuilder()
            .events(List.of(WebhookKind.CHANNEL_OCCUPIED, WebhookKind.CHANNEL_VACATED))
            .build();
    return TestServer.app().webhooks(List.of(webhook));
  }

  private static String event(String name, String channel) {
    return "{\"name\":\"" + name + "\",\"channel\":\"" + channel + "\"}";
  }

  @Test
  void allAreToldWithinLeaseAnd3SecondsOfAKillEachOnce(@TempDir Path folder) {
    int lease = 3;
    int users = 20;
    String config =
        "{enabled: true, node_lease: %d, redis: {url: \"%s\"}}".formatted(lease, redis.url());
    try (NodeProcess one = new NodeProcess("one", folder, config);
        NodeProcess two = new NodeProcess("two", folder, config);
        TestClient stays = open(one.port())) {
      stays.joinAs("presence-a", "{\"user_id\":\"stays\"}");
      for (int i = 0; i < users; i++) {
        open(two.port()).joinAs("presence-a", "{\"user_id\":\"" + i + "\"}");
        stays.expectEvent("pusher_internal:member_added");
      }
      two.kill();
      long killed = System.nanoTime();

      Set<String> gone = new TreeSet<>();
      for (int i = 0; i < users; i++) {
        gone.add(stays.expectEvent("pusher_internal:member_removed").path("data").asText());
      }
      assertThat(Duration.ofNanos(System.nanoTime() - killed))
          .isLessThan(Duration.ofSeconds(lease + 3));
      assertThat(gone).hasSize(users);
      stays.expectSilence();
    }
  }

  private static TestClient open(int port) {
    return TestClient.open("ws://127.0.0.1:" + port + "/app/" + TestServer.KEY + "?protocol=7")
        .established();
  }
}
