package dev.carillon.server.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LocalIdempotencyTest extends IdempotencyContract {
  private final AtomicLong time = new AtomicLong();
  private final AtomicInteger remembered = new AtomicInteger();
  private final Queue<Runnable> sweeps = new ArrayDeque<>();
  private final AtomicInteger forgottenEarly = new AtomicInteger();
  private final LocalIdempotency.Observer observer =
      new LocalIdempotency.Observer() {
        @Override
        public void remembered(int change) {
          remembered.addAndGet(change);
        }

        @Override
        public void forgottenEarly() {
          forgottenEarly.incrementAndGet();
        }
      };

  @Override
  Idempotency idempotency() {
    return new LocalIdempotency(observer, time::get, sweeps::add);
  }

  @Override
  void pass(Duration passed) {
    time.addAndGet(passed.toNanos());
  }

  @Test
  void aRequestIsDoneAndAnsweredWhereItIsAsked() {
    assertThat(once("3", "events", "a", BODY).toCompletableFuture()).isCompleted();
    assertThat(
            idempotency
                .once(
                    name("3", "events", "b"),
                    BODY,
                    () -> {
                      throw new IllegalStateException("no luck");
                    })
                .toCompletableFuture())
        .isCompletedExceptionally();
  }

  @Test
  void ofTooManyTheOldestIsForgotten() throws Exception {
    LocalIdempotency two =
        new LocalIdempotency(observer, time::get, sweeps::add, 2, Long.MAX_VALUE);
    now(answer(two, "a", 2));
    now(answer(two, "b", 2));
    now(answer(two, "c", 2));

    assertThat(remembered).hasValue(2);
    assertThat(forgottenEarly).hasValue(1);
    assertThat(now(answer(two, "c", 2)).repeated()).isTrue();
    assertThat(now(answer(two, "b", 2)).repeated()).isTrue();
    assertThat(now(answer(two, "a", 2)).repeated()).isFalse();
  }

  @Test
  void ofTooManyBytesTheOldestAreForgotten() throws Exception {
    LocalIdempotency small = new LocalIdempotency(observer, time::get, sweeps::add, 100, 10_000);
    now(answer(small, "large", 9_000));
    now(answer(small, "b", 2));
    now(answer(small, "c", 2));

    assertThat(forgottenEarly).hasValue(1);
    assertThat(now(answer(small, "b", 2)).repeated()).isTrue();
    assertThat(now(answer(small, "large", 2)).repeated()).isFalse();
  }

  @Test
  void whatIsOverTakesNoPlace() throws Exception {
    LocalIdempotency any =
        new LocalIdempotency(observer, time::get, sweeps::add, 100, Long.MAX_VALUE);
    for (int i = 0; i < 50; i++) {
      now(answer(any, "key" + i, 2));
    }
    pass(Idempotency.REMEMBERED);

    now(answer(any, "key0", 2));
    now(answer(any, "new", 2));

    assertThat(remembered).hasValue(2);
    assertThat(forgottenEarly).hasValue(0);
  }

  @Test
  void whatIsOverIsForgottenAlsoIfNoRequestFollows() throws Exception {
    LocalIdempotency any =
        new LocalIdempotency(observer, time::get, sweeps::add, 100, Long.MAX_VALUE);
    now(answer(any, "a", 2));
    pass(Idempotency.REMEMBERED.dividedBy(2));
    now(answer(any, "b", 2));
    assertThat(sweeps).hasSize(1);

    pass(Idempotency.REMEMBERED.dividedBy(2));
    sweeps.remove().run();
    assertThat(remembered).hasValue(1);

    pass(Idempotency.REMEMBERED.dividedBy(2));
    sweeps.remove().run();
    assertThat(remembered).hasValue(0);
    assertThat(forgottenEarly).hasValue(0);
    assertThat(sweeps).isEmpty();
  }

  @Test
  void whatFailedTakesNoPlace() {
    LocalIdempotency any =
        new LocalIdempotency(observer, time::get, sweeps::add, 100, Long.MAX_VALUE);

    any.once(
        name("3", "events", "a"),
        "body",
        () -> CompletableFuture.failedStage(new IllegalStateException("no luck")));

    assertThat(remembered).hasValue(0);
  }

  private static CompletionStage<Idempotency.Answer> answer(
      LocalIdempotency idempotency, String key, int bytes) {
    return idempotency.once(
        name("3", "events", key), "body", () -> CompletableFuture.completedStage(new byte[bytes]));
  }
}
