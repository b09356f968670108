package dev.carillon.server.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.occupancy.LocalOccupancy;
import dev.carillon.server.occupancy.Occupancy;
import dev.carillon.server.webhook.Webhooks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SubscriptionCounterTest {
  private static final Topic NEWS = new Topic("3", ChannelName.of("news"));

  private final Occupancy occupancy = new LocalOccupancy(Webhooks.none());
  private final List<Integer> told = new CopyOnWriteArrayList<>();
  private final Queue<Runnable> pauses = new ArrayDeque<>();
  private final SubscriptionCounter counter =
      new SubscriptionCounter(NEWS, occupancy, told::add, pauses::add);

  @Test
  void fewAreToldOfEachChange() {
    come(2);
    go(2);

    assertThat(told).containsExactly(1, 2, 1, 0);
    assertThat(pauses).isEmpty();
  }

  @Test
  void manyAreToldOnceInAPauseAndTheLastCountAlways() {
    come(SubscriptionCounter.FEW + 1);
    assertThat(told).hasSize(101).endsWith(100, 101);

    come(20);
    go(5);
    assertThat(told).hasSize(101);

    endPause();
    assertThat(told).hasSize(102).endsWith(116);

    come(1);
    endPause();
    assertThat(told).hasSize(103).endsWith(117);

    endPause();
    assertThat(told).hasSize(103);
    assertThat(pauses).isEmpty();
  }

  @Test
  void afterARestAChangeIsToldAtOnce() {
    come(SubscriptionCounter.FEW + 1);
    endPause();

    come(1);

    assertThat(told).endsWith(101, 102);
  }

  @Test
  void whoHaveBecomeFewAreToldWhenThePauseIsOverAndOfEachChangeFromThen() {
    come(SubscriptionCounter.FEW + 1);
    go(51);
    assertThat(told).endsWith(101);

    endPause();
    go(2);

    assertThat(told).endsWith(101, 50, 49, 48);
    assertThat(pauses).isEmpty();
  }

  @Test
  void changesAtTheSameMomentEndWithTheRightCount() throws Exception {
    SubscriptionCounter restless =
        new SubscriptionCounter(NEWS, occupancy, told::add, Runnable::run);
    for (int round = 0; round < 200; round++) {
      CompletableFuture.allOf(
              CompletableFuture.runAsync(() -> comeAndStay(restless, 10)),
              CompletableFuture.runAsync(() -> comeAndStay(restless, 10)),
              CompletableFuture.runAsync(() -> comeAndStay(restless, 10)))
          .get(10, TimeUnit.SECONDS);
      assertThat(told.get(told.size() - 1)).isEqualTo(30);
      go(30);
      assertThat(told.get(told.size() - 1)).isZero();
    }
  }

  @Test
  void anOccupancyThatIsAwayIsAskedAgainUntilItAnswers() {
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    SubscriptionCounter remote =
        new SubscriptionCounter(NEWS, new Remote(answers), told::add, pauses::add);

    remote.changed();
    remote.changed();
    answers.get(0).completeExceptionally(new UnavailableException("away"));
    endPause();
    answers.get(1).completeExceptionally(new UnavailableException("away"));
    endPause();
    answers.get(2).complete(3);
    answers.get(3).complete(3);

    assertThat(told).containsExactly(3);
    assertThat(pauses).isEmpty();
  }

  @Test
  void aChangeWhileTheCountIsReadIsReadAfterIt() {
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    SubscriptionCounter remote =
        new SubscriptionCounter(NEWS, new Remote(answers), told::add, pauses::add);

    remote.changed();
    remote.changed();
    assertThat(answers).hasSize(1);
    answers.get(0).complete(1);
    answers.get(1).complete(2);

    assertThat(told).containsExactly(1, 2);
  }

  /** The last leaves while the next opens the channel again, with a counter of its own. */
  @Test
  void aCountThatIsToldTooLateIsCorrected() {
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    List<CompletableFuture<Integer>> newAnswers = new ArrayList<>();
    SubscriptionCounter before =
        new SubscriptionCounter(NEWS, new Remote(answers), told::add, pauses::add);
    SubscriptionCounter after =
        new SubscriptionCounter(NEWS, new Remote(newAnswers), told::add, pauses::add);

    before.changed();
    after.changed();
    newAnswers.get(0).complete(1);
    newAnswers.get(1).complete(1);
    answers.get(0).complete(0);
    answers.get(1).complete(1);

    assertThat(told).containsExactly(1, 0, 1);
  }

  /** Another loop comes and goes as fast as this one tells. */
  @Test
  void whoChangesWithoutEndIsToldInAPauseToo() {
    AtomicInteger reads = new AtomicInteger();
    SubscriptionCounter[] restless = new SubscriptionCounter[1];
    Occupancy busy =
        new Remote(new ArrayList<>()) {
          @Override
          public CompletableFuture<Integer> subscriptions(Topic topic) {
            restless[0].changed();
            return CompletableFuture.completedFuture(reads.incrementAndGet() % 2);
          }
        };
    restless[0] = new SubscriptionCounter(NEWS, busy, told::add, pauses::add);

    restless[0].changed();

    assertThat(told).startsWith(1, 0, 1).hasSizeLessThan(1000);
    assertThat(pauses).hasSize(1);
    endPause();
    assertThat(pauses).hasSize(1);
  }

  /** Answers when the test says so. */
  private static class Remote implements Occupancy {
    private final List<CompletableFuture<Integer>> answers;

    Remote(List<CompletableFuture<Integer>> answers) {
      this.answers = answers;
    }

    @Override
    public CompletableFuture<Void> entered(Topic topic) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void left(Topic topic) {}

    @Override
    public CompletableFuture<Integer> subscriptions(Topic topic) {
      CompletableFuture<Integer> answer = new CompletableFuture<>();
      answers.add(answer);
      return answer;
    }
  }

  private void comeAndStay(SubscriptionCounter restless, int count) {
    for (int i = 0; i < count; i++) {
      occupancy.entered(NEWS);
      restless.changed();
    }
  }

  private void come(int count) {
    for (int i = 0; i < count; i++) {
      occupancy.entered(NEWS);
      counter.changed();
    }
  }

  private void go(int count) {
    for (int i = 0; i < count; i++) {
      occupancy.left(NEWS);
      counter.changed();
    }
  }

  private void endPause() {
    pauses.remove().run();
  }
}
