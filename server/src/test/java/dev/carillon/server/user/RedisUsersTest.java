package dev.carillon.server.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.broker.Broker;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.redis.RedisNode;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

class RedisUsersTest extends UsersContract {
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final ScalingConfig cluster = OnRedis.fresh();
  private final List<RedisNode> nodes = new ArrayList<>();

  @AfterEach
  void stop() {
    nodes.forEach(RedisNode::close);
  }

  private RedisNode node() {
    RedisNode made = new RedisNode(cluster, OnRedis.unseen());
    nodes.add(made);
    return made;
  }

  private Users users(RedisNode node, Duration grace) {
    Users made = node.users(grace);
    node.start();
    return made;
  }

  @Override
  Broker broker(Broker.Listener listener) {
    return node().broker(listener);
  }

  @Override
  Users users(Broker broker) {
    return users(nodes.get(0), GRACE);
  }

  @Override
  Users withoutGrace(Broker broker) {
    return users(node(), Duration.ZERO);
  }

  /** An absence is noted until it is over. */
  @Override
  void passGrace() throws Exception {
    now(users.statuses(List.of(ANN))); // all that was before is done
    try (Jedis redis = RedisTime.client(cluster)) {
      Await.until(
          "absences are over", () -> redis.zcard(cluster.redis().prefix() + "{graces}") == 0);
    }
  }

  @Test
  void theGraceCountsFromTheLastGoing() throws Exception {
    signIn(ANN, ONE);
    users.signedOut(ANN, ONE);
    now(users.statuses(List.of(ANN)));
    long firstGoing = System.nanoTime();
    Await.until("half the grace is over", () -> isOver(firstGoing, GRACE.dividedBy(2)));
    signIn(ANN, TWO);
    users.signedOut(ANN, TWO);
    long lastGoing = System.nanoTime();

    Await.until("the first grace is over", () -> isOver(firstGoing, GRACE));
    boolean online = online(ANN);

    assertThat(online || isOver(lastGoing, GRACE)).isTrue();
    passGrace();
    assertThat(isOver(lastGoing, GRACE)).isTrue();
    assertThat(changes()).containsExactly(online("ann"), offline("ann"));
  }

  private static boolean isOver(long begin, Duration time) {
    return System.nanoTime() - begin >= time.toNanos();
  }
}
