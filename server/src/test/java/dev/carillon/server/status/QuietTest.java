package dev.carillon.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.status.ScheduleEntry;
import dev.carillon.protocol.status.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When a user does not want to be disturbed, and when that has ended. */
class QuietTest {
  private static final Instant T0 = Instant.parse("2026-01-05T10:00:00Z");
  private static final StatusTimes TIMES = StatusTimes.defaults();

  private static Instant at(int minute) {
    return T0.plus(Duration.ofMinutes(minute));
  }

  private static UserRecord user(@Nullable Choice choice, ScheduleEntry... entries) {
    return UserRecord.fresh(T0).withChoice(choice).withSchedule(List.of(entries), entries.length);
  }

  private static Choice choice(Status status, @Nullable Instant end) {
    return new Choice(status, null, end, T0);
  }

  private static ScheduleEntry entry(long id, Status status, int from, int to) {
    return new ScheduleEntry(id, status, null, at(from), at(to));
  }

  private static boolean ended(UserRecord before, int minute) {
    UserRecord after = Changes.pruned(before, at(minute), TIMES);
    return EffectiveStatus.quietEnded(before, after, at(minute));
  }

  @Test
  void aChoiceEndsWithAnother() {
    UserRecord dnd = user(choice(Status.DND, null));

    assertThat(EffectiveStatus.quietEnded(dnd, user(choice(Status.BUSY, null)), T0)).isTrue();
    assertThat(EffectiveStatus.quietEnded(dnd, user(null), T0)).isTrue();
    assertThat(EffectiveStatus.quietEnded(dnd, dnd, T0)).isFalse();
    assertThat(EffectiveStatus.quietEnded(user(null), dnd, T0)).isFalse();
    assertThat(EffectiveStatus.quietEnded(user(null), user(null), T0)).isFalse();
  }

  @Test
  void aChoiceEndsWithItsTime() {
    UserRecord dnd = user(choice(Status.DND, at(5)));

    assertThat(ended(dnd, 4)).isFalse();
    assertThat(ended(dnd, 5)).isTrue();
    assertThat(ended(dnd, 50)).isTrue();
    assertThat(ended(user(choice(Status.BUSY, at(5))), 5)).isFalse();
  }

  @Test
  void aMeetingEndsWithItsTime() {
    UserRecord meeting = user(null, entry(1, Status.DND, 5, 10));

    assertThat(ended(meeting, 4)).isFalse();
    assertThat(ended(meeting, 5)).isFalse();
    assertThat(ended(meeting, 10)).isTrue();
  }

  @Test
  void oneEndDoesNotCountWhereTheOtherGoesOn() {
    ScheduleEntry meeting = entry(1, Status.DND, 0, 10);

    assertThat(ended(user(choice(Status.DND, at(5)), meeting), 5)).isFalse();
    assertThat(ended(user(null, meeting, entry(2, Status.DND, 5, 15)), 10)).isFalse();
  }

  @Test
  void anEntryThatBeginsCutsItShort() {
    UserRecord user = user(null, entry(1, Status.DND, 0, 10), entry(2, Status.BUSY, 5, 15));

    assertThat(ended(user, 4)).isFalse();
    assertThat(ended(user, 5)).isTrue();
  }

  /** Whatever the record, and however rarely it is looked at: an end is never overlooked. */
  @Test
  void noEndIsOverlooked() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      UserRecord before = random(random);
      int from = random.nextInt(20);
      int to = from + 1 + random.nextInt(20);
      UserRecord known = Changes.pruned(before, at(from), TIMES);
      UserRecord after = Changes.pruned(known, at(to), TIMES);
      boolean was = false;
      for (int minute = from; minute < to; minute++) {
        was |= EffectiveStatus.wantsQuiet(known, at(minute));
      }
      boolean is = EffectiveStatus.wantsQuiet(after, at(to));

      boolean ended = EffectiveStatus.quietEnded(known, after, at(to));
      if (was || is) {
        assertThat(ended).as("%s from %s to %s", known, from, to).isEqualTo(!is);
      }
    }
  }

  private static UserRecord random(Random random) {
    Status[] statuses = {Status.DND, Status.BUSY, Status.ONLINE};
    List<ScheduleEntry> entries = new ArrayList<>();
    for (int id = 1; id <= random.nextInt(5); id++) {
      int from = random.nextInt(30);
      entries.add(entry(id, statuses[random.nextInt(3)], from, from + 1 + random.nextInt(15)));
    }
    Choice choice =
        switch (random.nextInt(3)) {
          case 0 -> null;
          case 1 -> choice(statuses[random.nextInt(3)], null);
          default -> choice(statuses[random.nextInt(3)], at(1 + random.nextInt(30)));
        };
    return user(choice, entries.toArray(ScheduleEntry[]::new));
  }
}
