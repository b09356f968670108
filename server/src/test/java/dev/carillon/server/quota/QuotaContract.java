package dev.carillon.server.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every quota does. */
abstract class QuotaContract {
  private Quota quota;

  /** One that has counted nobody. */
  abstract Quota quota();

  @BeforeEach
  void open() {
    quota = quota();
  }

  @Test
  void anAppBeginsWithoutConnections() throws Exception {
    assertThat(now(quota.count("3"))).isZero();
  }

  @Test
  void whoeverEntersIsCountedUntilTheAppIsFull() throws Exception {
    assertThat(now(quota.enter("3", 2))).isTrue();
    assertThat(now(quota.enter("3", 2))).isTrue();
    assertThat(now(quota.enter("3", 2))).isFalse();

    assertThat(now(quota.count("3"))).isEqualTo(2);
  }

  @Test
  void zeroIsNoLimit() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertThat(now(quota.enter("3", 0))).isTrue();
    }

    assertThat(now(quota.count("3"))).isEqualTo(20);
  }

  @Test
  void whoLeavesMakesRoom() throws Exception {
    now(quota.enter("3", 1));
    quota.leave("3");

    assertThat(now(quota.count("3"))).isZero();
    assertThat(now(quota.enter("3", 1))).isTrue();
    assertThat(now(quota.enter("3", 1))).isFalse();
  }

  @Test
  void appsAreCountedByThemselves() throws Exception {
    now(quota.enter("3", 1));

    assertThat(now(quota.count("4"))).isZero();
    assertThat(now(quota.enter("4", 1))).isTrue();
  }

  @Test
  void anAppWithMoreThanItMayHaveNowTakesNobody() throws Exception {
    now(quota.enter("3", 3));
    now(quota.enter("3", 3));

    assertThat(now(quota.enter("3", 1))).isFalse();
    assertThat(now(quota.count("3"))).isEqualTo(2);
  }

  @Test
  void ofManyWhoComeTogetherAsManyEnterAsMay() throws Exception {
    AtomicInteger entered = new AtomicInteger();
    List<CompletableFuture<Void>> threads =
        Stream.generate(() -> CompletableFuture.runAsync(() -> enter(entered))).limit(4).toList();
    CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);

    assertThat(entered).hasValue(70);
    assertThat(now(quota.count("3"))).isEqualTo(70);
  }

  private void enter(AtomicInteger entered) {
    for (int i = 0; i < 50; i++) {
      if (quota.enter("3", 70).toCompletableFuture().join()) {
        entered.incrementAndGet();
      }
    }
  }

  private static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
