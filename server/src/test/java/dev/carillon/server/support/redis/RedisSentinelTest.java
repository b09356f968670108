package dev.carillon.server.support.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.server.support.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisSentinelClient;
import redis.clients.jedis.exceptions.JedisException;

@Timeout(60)
class RedisSentinelTest {
  private static RedisSentinelClient client(RedisSentinel redis) {
    return RedisSentinelClient.builder()
        .masterName(RedisSentinel.MASTER_NAME)
        .sentinels(redis.addresses())
        .sentinelClientConfig(redis.sentinelClientConfig())
        .clientConfig(redis.clientConfig())
        .build();
  }

  @Test
  void replicatesWhatTheMasterIsTold() {
    try (RedisSentinel redis = RedisSentinel.start(1);
        RedisSentinelClient client = client(redis);
        Jedis replica = redis.replica().connect()) {
      client.set("key", "value");

      Await.until("the replica has it", () -> "value".equals(replica.get("key")));
      assertThat(redis.servers()).contains(redis.master(), redis.replica());
    }
  }

  @Test
  void changesRolesAsOftenAsAsked() {
    try (RedisSentinel redis = RedisSentinel.start(1);
        RedisSentinelClient client = client(redis)) {
      RedisServer first = redis.master();
      RedisServer second = redis.replica();
      client.set("key", "value");

      redis.failover();
      assertThat(redis.master()).isEqualTo(second);
      assertThat(redis.replica()).isEqualTo(first);
      Await.until("the client is at the new master", () -> isSet(client, "key", "other"));
      // Redis does not wait for its replica, and a failover takes what the replica has.
      Await.until("the replica has it", () -> "other".equals(get(first, "key")));

      redis.failover();
      assertThat(redis.master()).isEqualTo(first);
      assertThat(get(first, "key")).isEqualTo("other");
    }
  }

  @Test
  void replacesAKilledMasterWhenTwoOfThreeFindSo() {
    try (RedisSentinel redis = RedisSentinel.start(3, "secret", "sentinels'");
        RedisSentinelClient client = client(redis)) {
      assertThat(redis.addresses()).hasSize(3);
      RedisServer old = redis.master();
      RedisServer next = redis.replica();
      redis.sentinels().get(0).kill();

      old.kill();
      redis.awaitMaster(next);

      Await.until("the client is at the new master", () -> isSet(client, "key", "value"));
      assertThat(get(next, "key")).isEqualTo("value");
    }
  }

  private static String get(RedisServer server, String key) {
    try (Jedis redis = server.connect()) {
      return redis.get(key);
    }
  }

  private static boolean isSet(RedisSentinelClient client, String key, String value) {
    try {
      return client.set(key, value).equals("OK");
    } catch (JedisException notYet) {
      return false;
    }
  }

  @Test
  void needsOneSentinelAtLeastAndThreeAtMost() {
    assertThatThrownBy(() -> RedisSentinel.start(0))
        .hasMessage("got 0 sentinels (expected: 1 to 3)");
    assertThatThrownBy(() -> RedisSentinel.start(4))
        .hasMessage("got 4 sentinels (expected: 1 to 3)");
  }
}
