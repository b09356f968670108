package dev.carillon.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.config.RedisConfig;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.presence.Presence;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisServer;
import dev.carillon.server.user.Users;
import dev.carillon.server.webhook.Webhooks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

class RedisNodeTest {
  private static final Topic ROOM = new Topic("3", ChannelName.of("presence-a"));

  private static final Topic ANN = Topic.ofStatus("3", new UserId("ann", false));
  private static final Topic BEN = Topic.ofStatus("3", new UserId("ben", false));

  private static final class Node implements AutoCloseable {
    final BlockingQueue<String> got = new LinkedBlockingQueue<>();
    final RedisNode node;
    final Broker broker;
    final Presence presence;
    final Users users;

    Node(RedisServer redis, Duration lease) {
      node =
          new RedisNode(
              ScalingConfig.defaults().toBuilder()
                  .enabled(true)
                  .nodeLease(lease)
                  .redis(
                      RedisConfig.defaults().toBuilder()
                          .target(new RedisConfig.Standalone("127.0.0.1", redis.port(), 0))
                          .build())
                  .build(),
              OnRedis.unseen());
      broker =
          node.broker(
              new Broker.Listener() {
                @Override
                public void onMessage(Topic topic, Envelope envelope) {
                  got.add(new String(envelope.message(), StandardCharsets.UTF_8));
                }

                @Override
                public void onGap(Collection<Topic> topics) {
                  topics.forEach(topic -> got.add("gap " + topic.channel()));
                }
              });
      presence = node.presence(Webhooks.none());
      users = node.users(Duration.ofSeconds(3));
      node.start();
    }

    String next() throws InterruptedException {
      String next = got.poll(10, TimeUnit.SECONDS);
      assertThat(next).isNotNull();
      return next;
    }

    @Override
    public void close() {
      node.close();
    }
  }

  private RedisServer redis;
  private Node one;
  private Node two;

  @BeforeEach
  void start() throws Exception {
    redis = RedisServer.start();
    one = new Node(redis, Duration.ofSeconds(2));
    two = new Node(redis, Duration.ofSeconds(2));
    one.broker.subscribe(ROOM).toCompletableFuture().get(10, TimeUnit.SECONDS);
    two.broker.subscribe(ROOM).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    redis.close();
  }

  private static Presence.Snapshot join(Node node, String socket, String user) throws Exception {
    return node.presence
        .join(ROOM, new SocketId(socket), new Member(new UserId(user, false), null), 0)
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  @Test
  void whatOneNodePublishesArrivesAtAllOnce() throws Exception {
    one.broker.publish(ROOM, Envelope.of("{}".getBytes(StandardCharsets.UTF_8), null));

    assertThat(one.next()).isEqualTo("{}");
    assertThat(two.next()).isEqualTo("{}");
  }

  @Test
  void aUserOnTwoNodesIsAddedAndRemovedOnce() throws Exception {
    assertThat(join(one, "1.1", "7").members()).hasSize(1);
    assertThat(two.next()).contains("member_added");
    assertThat(join(two, "2.2", "7").members()).hasSize(1);
    one.presence.leave(ROOM, new SocketId("1.1"), new UserId("7", false));
    two.presence.leave(ROOM, new SocketId("2.2"), new UserId("7", false));

    assertThat(two.next()).contains("member_removed");
    assertThat(one.next()).contains("member_added");
    assertThat(one.next()).contains("member_removed");
    assertThat(one.got).isEmpty();
  }

  @Test
  void usersAreOnlineAgainInARedisThatComesBackEmptyAndThatIsNoNews() throws Exception {
    one.broker.subscribe(ANN).toCompletableFuture().get(10, TimeUnit.SECONDS);
    one.users.signedIn(ANN, new SocketId("1.1"));
    assertThat(one.next()).contains("online");
    two.users.signedIn(ANN, new SocketId("2.2")).toCompletableFuture().get(10, TimeUnit.SECONDS);
    two.users.signedIn(BEN, new SocketId("2.3")).toCompletableFuture().get(10, TimeUnit.SECONDS);
    redis.restart();

    Await.until("both are online", () -> online(one, ANN) && online(one, BEN));
    assertThat(one.next()).startsWith("gap");
    assertThat(one.next()).startsWith("gap");
    assertThat(one.got).isEmpty();
  }

  private static boolean online(Node node, Topic user) {
    return node.users
        .statuses(List.of(user))
        .thenApply(statuses -> statuses.get(0).online())
        .exceptionally(away -> false)
        .toCompletableFuture()
        .join();
  }

  /** Pings are answered in another form then. */
  @Test
  void aNodeWithoutSubscriptionsStaysConnected() throws Exception {
    try (RedisServer other = RedisServer.start();
        Jedis client = other.connect();
        Node idle = new Node(other, Duration.ofSeconds(10))) {
      Await.until("it is connected", idle.node::available);
      String connections = line(client, "stats", "total_connections_received");

      int pings = pings(client);
      Await.until("it has pinged twice", () -> pings(client) == pings + 2);
      idle.broker.subscribe(ROOM).toCompletableFuture().get(10, TimeUnit.SECONDS);

      assertThat(line(client, "stats", "total_connections_received")).isEqualTo(connections);
    }
  }

  private static int pings(Jedis client) {
    String line = line(client, "commandstats", "cmdstat_ping:calls=");
    return line.isEmpty() ? 0 : Integer.parseInt(line.split("[=,]")[1]);
  }

  private static String line(Jedis client, String section, String name) {
    return client.info(section).lines().filter(line -> line.startsWith(name)).findAny().orElse("");
  }

  @Test
  void aRedisThatComesBackEmptyIsFilledAgain() throws Exception {
    join(one, "1.1", "7");
    join(two, "2.2", "8");
    redis.restart();

    Presence.Snapshot now = new Presence.Snapshot(List.of(), 0);
    for (long until = System.nanoTime() + 10_000_000_000L;
        now.members().size() < 2 && System.nanoTime() < until; ) {
      now =
          one.presence
              .members(ROOM)
              .toCompletableFuture()
              .exceptionally(away -> new Presence.Snapshot(List.of(), 0))
              .get(10, TimeUnit.SECONDS);
    }
    assertThat(now.members()).hasSize(2);
  }
}
