package dev.carillon.server.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.redis.RedisNode;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.Jedis;

class RedisIdempotencyTest extends IdempotencyContract {
  private final ScalingConfig cluster = OnRedis.fresh();
  private final List<RedisNode> nodes = new ArrayList<>();

  @AfterEach
  void stop() {
    nodes.forEach(RedisNode::close);
  }

  /** One of another node than those before. */
  @Override
  Idempotency idempotency() {
    RedisNode node = new RedisNode(cluster, OnRedis.unseen());
    nodes.add(node);
    Idempotency made = node.idempotency();
    node.start();
    return made;
  }

  @Override
  void pass(Duration time) {
    RedisTime.pass(cluster, time);
  }

  private CompletableFuture<byte[]> begin(Idempotency by) throws Exception {
    CompletableFuture<byte[]> first = new CompletableFuture<>();
    CompletableFuture<Void> begun = new CompletableFuture<>();
    by.once(
        name("3", "events", "a"),
        BODY,
        () -> {
          begun.complete(null);
          return first;
        });
    now(begun);
    return first;
  }

  private CompletionStage<Idempotency.Answer> repeat(Idempotency by, String print) {
    return by.once(
        name("3", "events", "a"),
        print,
        () -> CompletableFuture.completedStage(bytes("answer " + done.incrementAndGet())));
  }

  @Test
  void anotherNodeAnswersAsTheFirst() throws Exception {
    now(once("3", "events", "a", BODY));

    Idempotency.Answer answer = now(repeat(idempotency(), BODY));

    assertThat(answer.body()).asString(StandardCharsets.UTF_8).isEqualTo("answer 1");
    assertThat(answer.repeated()).isTrue();
    assertThat(done).hasValue(1);
  }

  @Test
  void anotherNodeWaitsUntilTheFirstHasAnswered() throws Exception {
    CompletableFuture<byte[]> first = begin(idempotency);
    CompletionStage<Idempotency.Answer> second = repeat(idempotency(), BODY);

    first.complete(bytes("at last"));

    assertThat(now(second).body()).asString(StandardCharsets.UTF_8).isEqualTo("at last");
    assertThat(now(second).repeated()).isTrue();
    assertThat(done).hasValue(0);
  }

  @Test
  void anotherNodeRefusesTheNameForSomethingElse() throws Exception {
    begin(idempotency);

    CompletionStage<Idempotency.Answer> other = repeat(idempotency(), "another body");

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> now(other))
        .withCauseInstanceOf(ProtocolException.class)
        .withMessageContaining("Idempotency key already used");
  }

  @Test
  void whatFailsIsDoneByANodeThatWaits() throws Exception {
    CompletableFuture<byte[]> first = begin(idempotency);
    CompletionStage<Idempotency.Answer> second = repeat(idempotency(), BODY);

    first.completeExceptionally(new IllegalStateException("no luck"));

    assertThat(now(second).body()).asString(StandardCharsets.UTF_8).isEqualTo("answer 1");
    assertThat(now(second).repeated()).isFalse();
  }

  /** As if its node had died ten seconds ago. */
  @Test
  void whatADeadNodeHasBegunIsDoneByAnother() throws Exception {
    CompletableFuture<byte[]> first = begin(idempotency);
    Idempotency other = idempotency();
    CompletionStage<Idempotency.Answer> second = repeat(other, BODY);
    assertThat(second.toCompletableFuture()).isNotDone();

    try (Jedis redis = RedisTime.client(cluster)) {
      String key = cluster.redis().prefix() + "request:3/events/a";
      long begun = Long.parseLong(redis.hget(key, "begun"));
      redis.hset(key, "begun", String.valueOf(begun - 10_000_000));
    }
    assertThat(now(second).body()).asString(StandardCharsets.UTF_8).isEqualTo("answer 1");

    first.complete(bytes("too late"));
    assertThat(now(repeat(other, BODY)).body())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("answer 1");
  }

  @Test
  void ofManyAtOnceOnTwoNodesOneIsDone() throws Exception {
    Idempotency other = idempotency();
    List<CompletionStage<Idempotency.Answer>> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      answers.add(repeat(i % 2 == 0 ? idempotency : other, BODY));
    }

    int notRepeated = 0;
    for (CompletionStage<Idempotency.Answer> answer : answers) {
      assertThat(now(answer).body()).asString(StandardCharsets.UTF_8).isEqualTo("answer 1");
      notRepeated += now(answer).repeated() ? 0 : 1;
    }
    assertThat(notRepeated).isEqualTo(1);
    assertThat(done).hasValue(1);
  }
}
