package dev.carillon.server.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.http.IdempotencyKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every idempotency does. */
abstract class IdempotencyContract {
  static final String BODY = "fingerprint of the body";

  final AtomicInteger done = new AtomicInteger();
  Idempotency idempotency;

  /** One that remembers nothing. */
  abstract Idempotency idempotency();

  /** Lets time pass for it. */
  abstract void pass(Duration time);

  @BeforeEach
  void open() {
    idempotency = idempotency();
  }

  @Test
  void theFirstRequestIsDone() throws Exception {
    Idempotency.Answer answer = now(once("3", "events", "a", BODY));

    assertThat(answer.body()).asString(StandardCharsets.UTF_8).isEqualTo("answer 1");
    assertThat(answer.repeated()).isFalse();
  }

  @Test
  void theNextOneOfItsNameIsAnsweredAsItWasAndNotDone() throws Exception {
    now(once("3", "events", "a", BODY));

    Idempotency.Answer answer = now(once("3", "events", "a", BODY));

    assertThat(answer.body()).asString(StandardCharsets.UTF_8).isEqualTo("answer 1");
    assertThat(answer.repeated()).isTrue();
    assertThat(done).hasValue(1);
  }

  @Test
  void anotherKeyEndpointOrAppIsAnotherRequest() throws Exception {
    now(once("3", "events", "a", BODY));

    assertThat(now(once("3", "events", "b", BODY)).repeated()).isFalse();
    assertThat(now(once("3", "batch_events", "a", BODY)).repeated()).isFalse();
    assertThat(now(once("4", "events", "a", BODY)).repeated()).isFalse();
  }

  @Test
  void theSameNameForSomethingElseIsAMistake() throws Exception {
    now(once("3", "events", "a", BODY));

    CompletionStage<Idempotency.Answer> other = once("3", "events", "a", "another body");

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> now(other))
        .withCauseInstanceOf(ProtocolException.class)
        .withMessageContaining("Idempotency key already used");
    assertThat(done).hasValue(1);
  }

  @Test
  void whoComesWhileTheFirstIsBeingDoneWaitsForItsAnswer() throws Exception {
    CompletableFuture<byte[]> first = new CompletableFuture<>();
    idempotency.once(name("3", "events", "a"), BODY, () -> first);
    CompletionStage<Idempotency.Answer> second = once("3", "events", "a", BODY);
    assertThat(second.toCompletableFuture()).isNotDone();

    first.complete(bytes("at last"));

    assertThat(now(second).body()).asString(StandardCharsets.UTF_8).isEqualTo("at last");
    assertThat(now(second).repeated()).isTrue();
    assertThat(done).hasValue(0);
  }

  @Test
  void whatFailsIsNotRememberedButThoseWhoWaitFailWithIt() throws Exception {
    CompletableFuture<byte[]> first = new CompletableFuture<>();
    idempotency.once(name("3", "events", "a"), BODY, () -> first);
    CompletionStage<Idempotency.Answer> second = once("3", "events", "a", BODY);

    first.completeExceptionally(new IllegalStateException("no luck"));

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> now(second))
        .withMessageContaining("no luck");
    assertThat(now(once("3", "events", "a", "another body")).repeated()).isFalse();
  }

  @Test
  void whatThrowsIsNotRemembered() throws Exception {
    CompletionStage<Idempotency.Answer> failed =
        idempotency.once(
            name("3", "events", "a"),
            BODY,
            () -> {
              throw new IllegalStateException("no luck");
            });

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> now(failed))
        .withMessageContaining("no luck");
    assertThat(now(once("3", "events", "a", BODY)).repeated()).isFalse();
  }

  @Test
  void anAnswerIsForgottenAfterTwoMinutes() throws Exception {
    now(once("3", "events", "a", BODY));
    pass(Duration.ofSeconds(119));
    assertThat(now(once("3", "events", "a", BODY)).repeated()).isTrue();

    pass(Duration.ofSeconds(1));

    assertThat(now(once("3", "events", "a", BODY)).repeated()).isFalse();
  }

  @Test
  void ofManyAtOnceOneIsDone() throws Exception {
    List<CompletableFuture<Idempotency.Answer>> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Supplier<CompletionStage<Idempotency.Answer>> call = () -> once("3", "events", "a", BODY);
      answers.add(CompletableFuture.supplyAsync(call).thenCompose(answer -> answer));
    }

    for (CompletableFuture<Idempotency.Answer> answer : answers) {
      assertThat(now(answer).body()).asString(StandardCharsets.UTF_8).isEqualTo("answer 1");
    }
    assertThat(done).hasValue(1);
  }

  CompletionStage<Idempotency.Answer> once(String app, String endpoint, String key, String print) {
    return idempotency.once(
        name(app, endpoint, key),
        print,
        () -> CompletableFuture.completedStage(bytes("answer " + done.incrementAndGet())));
  }

  static RequestName name(String app, String endpoint, String key) {
    return new RequestName(app, endpoint, new IdempotencyKey(key));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
