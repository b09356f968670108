package dev.carillon.server.cluster;

import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisServer;
import dev.carillon.server.support.redis.TcpProxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many are subscribed, told by the nodes that are left, and by one that is back. */
@Timeout(60)
class SubscriptionCountNodesTest {
  private static final Duration LEASE = Duration.ofSeconds(2);

  @Test
  void theCountIsToldWhenANodeIsGoneAndWhenItIsBack() {
    try (RedisServer redis = RedisServer.start();
        TcpProxy link = TcpProxy.to(redis);
        TestServer one = node(redis.port());
        TestServer two = node(link.port());
        TestClient ann = one.connect().join("news");
        TestClient ben = two.connect().join("news")) {
      expectCount(ann, 2);
      expectCount(ben, 2);

      link.cut();
      expectCount(ann, 1);

      link.heal();
      expectCount(ann, 2);
      expectCount(ben, 2);
    }
  }

  @Test
  void whoLeavesDuringACutIsCountedOutAfterIt() {
    try (RedisServer redis = RedisServer.start();
        TcpProxy link = TcpProxy.to(redis);
        TestServer one = node(redis.port());
        TestServer two = node(link.port(), Duration.ofSeconds(30));
        TestClient ann = one.connect().join("news");
        TestClient ben = two.connect().join("news")) {
      expectCount(ann, 2);

      link.cut();
      Await.until("the node is away", () -> ready(two) == 503);
      ben.close();
      Await.until(
          "what is read now is not answered",
          () -> two.api().get("/channels/news").statusCode() == 503);
      link.heal();

      expectCount(ann, 1);
    }
  }

  private static TestServer node(int redis) {
    return node(redis, LEASE);
  }

  private static TestServer node(int redis, Duration lease) {
    ScalingConfig alone = OnRedis.at(redis, lease);
    ScalingConfig scaling =
        alone.toBuilder()
            .redis(alone.redis().toBuilder().prefix("counts:").build())
            .publishTimeout(Duration.ofMillis(500))
            .build();
    TestServer node = TestServer.startNode(scaling, app -> app.subscriptionCount(true));
    Await.until("it is ready", () -> ready(node) == 200);
    return node;
  }

  private static int ready(TestServer node) {
    return node.admin().send("GET", "/ready", "").statusCode();
  }

  private static void expectCount(TestClient client, int count) {
    String wanted = "{\"subscription_count\":" + count + "}";
    String told = "";
    while (!told.equals(wanted)) {
      told = client.expectEvent("pusher_internal:subscription_count").path("data").asText();
    }
  }
}
