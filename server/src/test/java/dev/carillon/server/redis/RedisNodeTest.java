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
import dev.carillon.server.support.redis.RedisServer;
import dev.carillon.server.webhook.Webhooks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisNodeTest {
  private static final Topic ROOM = new Topic("3", ChannelName.of("presence-a"));

  private static final class Node implements AutoCloseable {
    final BlockingQueue<String> got = new LinkedBlockingQueue<>();
    final RedisNode node;
    final Broker broker;
    final Presence presence;

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
                  .build());
      broker =
          node.broker(
              new Broker.Listener() {
                @Override
                public void onMessage(Topic topic, Envelope envelope) {
                  got.add(new String(envelope.message(), StandardCharsets.UTF_8));
                }

                @Override
                public void onGap(Topic topic) {
                  got.add("gap " + topic.channel());
                }
              });
      presence = node.presence(Webhooks.none());
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
  void aRedisThatComesBackEmptyIsFilledAgain() throws Exception {
    join(one, "1.1", "7");
    join(two, "2.2", "8");
    redis.restart();

    Presence.Snapshot now = new Presence.Snapshot(java.util.List.of(), 0);
    for (long until = System.nanoTime() + 10_000_000_000L;
        now.members().size() < 2 && System.nanoTime() < until; ) {
      now =
          one.presence
              .members(ROOM)
              .toCompletableFuture()
              .exceptionally(away -> new Presence.Snapshot(java.util.List.of(), 0))
              .get(10, TimeUnit.SECONDS);
    }
    assertThat(now.members()).hasSize(2);
  }
}
