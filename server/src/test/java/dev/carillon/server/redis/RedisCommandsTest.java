package dev.carillon.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.config.RedisConfig;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

class RedisCommandsTest {
  private static final RedisCommands.Gate OPEN =
      new RedisCommands.Gate() {
        @Override
        public void pass(Shards redis) {}

        @Override
        public long nanosUntilNext() {
          return Long.MAX_VALUE;
        }
      };

  private static RedisCommands commands(RedisServer redis) {
    RedisConfig config =
        RedisConfig.defaults().toBuilder()
            .target(new RedisConfig.Standalone("127.0.0.1", redis.port(), 0))
            .build();
    return new RedisCommands(
        new Shards(new RedisClients(config), OnRedis.unseen()), OPEN, Duration.ofSeconds(10), 1000);
  }

  /** Or its number would be that of a message which may have arrived, and it be dropped. */
  @Test
  void whatRedisHasRefusedForNowIsNotSentAgainButForTheFirstTime() throws Exception {
    List<Boolean> sent = new CopyOnWriteArrayList<>();
    try (RedisServer redis = RedisServer.start();
        Jedis client = redis.connect();
        RedisCommands commands = commands(redis)) {
      client.replicaof("127.0.0.1", 1);
      CompletionStage<String> answer =
          commands.submit(
              (pipeline, again) -> {
                sent.add(again);
                return pipeline.set("key", "value");
              });
      commands.start();
      Await.until("it was refused and sent again", () -> sent.size() > 1);
      client.replicaofNoOne();

      assertThat(answer.toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo("OK");
    }
    assertThat(sent).hasSizeGreaterThan(1).containsOnly(false);
  }
}
