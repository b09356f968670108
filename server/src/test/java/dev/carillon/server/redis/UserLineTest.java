package dev.carillon.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.channel.Hubs;
import dev.carillon.server.redis.Attempt.Work;
import dev.carillon.server.status.StatusStore.Changed;
import dev.carillon.server.status.UserRecord;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node does with changes that are too many to wait. */
class UserLineTest {
  private static final Topic ANN = Topic.ofStatus("3", new UserId("ann", false));
  private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");

  private final UserLine line = new UserLine();
  private final UserRecord user = RunningNode.record(NOW);

  /** Counts in the number of the last entry. */
  private static Work count(boolean lasting) {
    return new Work(
        (before, at) ->
            new Changed(
                RunningNode.record(at.now(), before == null ? 1 : before.lastEntry() + 1),
                null,
                List.of(),
                null),
        lasting,
        false);
  }

  @Test
  void whatTheyComeToIsRememberedWithWhatIsOnItsWay() {
    Work sent = count(true);
    Work waits = count(true);
    Work asked = count(false);
    line.known = new Revised(7, 7, user);
    line.add(sent);
    line.next(1, false);
    line.add(waits);
    line.add(asked);

    List<Work> lasting = line.takeLasting();
    line.supersede(lasting, NOW, "a").complete(lasting);

    assertThat(line.superseding.lastEntry()).isEqualTo(2);
    assertThat(waits.made()).isCompletedWithValueMatching(made -> made.isPresent());
    assertThat(sent.made()).isNotDone();
    assertThat(line.known.record()).isEqualTo(user);

    Work more = count(true);
    line.supersede(List.of(more), NOW, "a");
    assertThat(line.superseding.lastEntry()).isEqualTo(3);
  }

  @Test
  void itIsPutBackWhenTheBatchIsDone() {
    line.known = new Revised(7, 7, user);
    line.add(count(true));
    line.next(1, false);
    Attempt attempt = line.attempt(ANN, new Attempt(line.known, NOW, "a"), new Hubs());
    line.supersede(List.of(count(true)), NOW, "a");

    line.made(attempt, new Revised(8, 8, attempt.record()), true);

    assertThat(line.idle()).isFalse();
    assertThat(line.next(2, false)).isEqualTo(new UserLine.Batch(2, List.of()));
    Attempt back = line.attempt(ANN, new Attempt(line.known, NOW, "a"), new Hubs());
    assertThat(back.putBack()).isEqualTo(line.superseding);
    line.made(back, new Revised(9, 9, back.record()), true);
    assertThat(line.idle()).isTrue();
  }

  @Test
  void whoHasWaitedTooLongIsLeftOut() {
    Work given = count(false);
    line.add(given);
    given.made().completeExceptionally(new IllegalStateException());

    assertThat(line.next(1, false)).isNull();
  }
}
