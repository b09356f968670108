package dev.carillon.server.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.status.Cause;
import dev.carillon.protocol.status.Location;
import dev.carillon.protocol.status.Status;
import dev.carillon.protocol.status.StatusUpdate;
import dev.carillon.protocol.status.UserStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Lives of users, made up at random: one who is looked at when something is due, one who is looked
 * at each second, and one after the table of rules are told to be the same.
 */
class StatusPropertyTest {
  private static final int STEPS = 150;
  private static final List<@Nullable String> KINDS = Arrays.asList("web", "mobile", null);
  private static final List<@Nullable String> IDS = Arrays.asList("a", "b", null, null);
  private static final List<@Nullable Status> CHOICES =
      Arrays.asList(
          Status.ONLINE,
          Status.AWAY,
          Status.BUSY,
          Status.DND,
          Status.INVISIBLE,
          Status.OFFLINE,
          null,
          null,
          null);

  private static final Set<Cause> APART = Set.of(Cause.MANUAL, Cause.CONNECTED, Cause.ACTIVE);

  static LongStream seeds() {
    return LongStream.concat(
        LongStream.range(0, 120),
        LongStream.generate(() -> ThreadLocalRandom.current().nextLong()).limit(40));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatIsToldIsWhatTheTableSays(long seed) {
    new Life(seed).live();
  }

  /** One life, three times. */
  private static final class Life {
    private final long seed;
    private final Random random;
    private final OneUser seldom;
    private final OneUser often;
    private final Naive naive;
    private final List<String> story = new ArrayList<>();
    private long t;
    private int sockets;
    private long entries;
    private int checked;

    Life(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      long offline = List.of(0L, 10L, 60L, 100L).get(random.nextInt(4));
      long idle = 10 + random.nextInt(40);
      long away = idle + random.nextInt(60);
      long coalesce = random.nextInt(4);
      StatusTimes times = OneUser.seconds(offline, idle, away, coalesce, 1_000_000);
      this.seldom = new OneUser(times);
      this.often = new OneUser(times);
      this.naive = new Naive(offline, idle, away, coalesce);
      story.add("offline " + offline + " idle " + idle + " away " + away + " told " + coalesce);
    }

    void live() {
      for (int step = 0; step < STEPS; step++) {
        if (random.nextInt(3) > 0) {
          pass(1 + (random.nextBoolean() ? random.nextInt(5) : random.nextInt(70)));
        }
        happen();
        compare();
      }
      pass(500);
      versionsRise();
      same(seldom.on(OneUser.OWN), often.on(OneUser.OWN));
    }

    private void pass(long seconds) {
      for (long i = 0; i < seconds; i++) {
        t++;
        seldom.pass(1);
        often.pass(1).look();
        naive.tick(t);
        compare();
      }
    }

    private void happen() {
      int socket = 1 + random.nextInt(Math.max(1, sockets));
      switch (random.nextInt(14)) {
        case 0, 1, 2 -> connect(random.nextInt(4) == 0 ? socket : ++sockets);
        case 3, 4 -> disconnect(socket);
        case 5 -> active(socket);
        case 6 -> subscribed(socket);
        case 7 -> activeSomewhere(pick(IDS));
        case 8, 9 -> choose();
        case 10 -> say();
        case 11 -> schedule();
        case 12 -> cancel();
        default -> locate();
      }
    }

    private <T extends @Nullable Object> T pick(List<T> from) {
      return from.get(random.nextInt(from.size()));
    }

    private void both(String what, Consumer<OneUser> change) {
      story.add(t + " " + what);
      change.accept(seldom);
      change.accept(often);
    }

    private void connect(int socket) {
      if (naive.stands(socket)) {
        return;
      }
      sockets = Math.max(sockets, socket);
      String kind = pick(KINDS);
      String id = pick(IDS);
      both("connect " + socket + " " + kind + " " + id, user -> user.connect(socket, kind, id));
      naive.act(t, Cause.CONNECTED, () -> naive.connect(socket, kind, id, t));
    }

    private void disconnect(int socket) {
      both("disconnect " + socket, user -> user.disconnect(socket));
      naive.act(t, Cause.IDLE, () -> naive.disconnect(socket, t));
    }

    private void active(int socket) {
      both("active " + socket, user -> user.statuses().active(OneUser.ID, OneUser.socket(socket)));
      naive.act(t, Cause.ACTIVE, () -> naive.active(socket, t));
    }

    private void subscribed(int socket) {
      both(
          "subscribed " + socket,
          user -> user.statuses().subscribed(OneUser.ID, OneUser.socket(socket)));
      naive.act(t, Cause.ACTIVE, () -> naive.subscribed(socket, t));
    }

    private void activeSomewhere(@Nullable String id) {
      both("active on " + id, user -> user.statuses().active(OneUser.ID, id));
      naive.act(t, Cause.ACTIVE, () -> naive.activeSomewhere(id, t));
    }

    private void choose() {
      Status status = pick(CHOICES);
      String message = random.nextBoolean() ? null : "m" + random.nextInt(3);
      long length = random.nextInt(3) == 0 ? 0 : random.nextInt(90);
      both(
          "choose " + status + " " + message + " for " + length,
          user -> user.choose(status, message, length == 0 ? null : Duration.ofSeconds(length)));
      long end = length == 0 ? Long.MAX_VALUE : t + length;
      naive.act(t, Cause.MANUAL, () -> naive.choose(status, message, end, t));
    }

    private void say() {
      String id = random.nextBoolean() ? "a" : "b";
      Status status = pick(List.of(Status.ONLINE, Status.AWAY, Status.OFFLINE));
      both("say of " + id + " " + status, user -> user.say(id, status));
      naive.act(t, Cause.MANUAL, () -> naive.say(id, status, t));
    }

    private void schedule() {
      Status status = pick(List.of(Status.BUSY, Status.DND, Status.INVISIBLE, Status.ONLINE));
      long from = random.nextInt(40) - 5L;
      long to = Math.max(from, 0) + 1 + random.nextInt(60);
      long id = ++entries;
      both("schedule " + status + " " + from + " to " + to, u -> u.schedule(status, from, to));
      naive.act(t, Cause.MANUAL, () -> naive.schedule(id, status, t + from, t + to));
    }

    private void cancel() {
      long id = 1 + random.nextInt((int) entries + 1);
      both("cancel " + id, user -> user.ask((record, now) -> Changes.cancelled(record, id)));
      naive.act(t, Cause.MANUAL, () -> naive.cancel(id));
    }

    private void locate() {
      long length = 1 + random.nextInt(60);
      both(
          "locate for " + length,
          user ->
              user.ask(
                  (record, now) ->
                      record.withLocation(new Location("x", null, null, now.plusSeconds(length)))));
      naive.act(t, Cause.MANUAL, () -> naive.locate(t + length));
    }

    private void compare() {
      if (!seldom.isKept()) {
        return;
      }
      EffectiveStatus now = seldom.status();
      same(new Naive.Look(text(now.own()), text(now.others())), naive.look(t));
      if (checked < naive.toOthers.size() || checked < seldom.told().size()) {
        same(toOthers(seldom), naive.toOthers);
        same(toOthers(often), naive.toOthers);
        checked = naive.toOthers.size();
      }
      same(seldom.toUser(), naive.toUser.size());
      same(often.toUser(), naive.toUser.size());
      UserStatus seen = Telling.others("7", seldom.record());
      if (seen.version() > 0) {
        same(seconds(seen.since()), naive.since());
      }
      Instant active = seen.lastActive();
      same(active == null ? -1 : seconds(active), naive.lastActiveSeen());
    }

    private void same(Object is, Object shouldBe) {
      if (!is.equals(shouldBe)) {
        assertThat(is).as("seed %sL at %s: %s", seed, t, story).isEqualTo(shouldBe);
      }
    }

    private static List<Naive.News> toOthers(OneUser user) {
      return user.told().stream()
          .map(
              told ->
                  new Naive.News(
                      seconds(told.at()),
                      text(view(told.update().now())) + " v" + told.update().now().version(),
                      APART.contains(told.update().cause()) ? told.update().cause() : Cause.IDLE))
          .toList();
    }

    private void versionsRise() {
      Status before = Status.OFFLINE;
      long version = 0;
      for (OneUser.Told told : seldom.told()) {
        StatusUpdate update = told.update();
        assertThat(update.now().version()).as("seed %d", seed).isEqualTo(++version);
        assertThat(update.previous()).as("seed %d", seed).isEqualTo(before);
        before = update.now().status();
      }
    }

    private static long seconds(Instant instant) {
      return Duration.between(OneUser.START, instant).toSeconds();
    }

    private static View view(UserStatus user) {
      return new View(
          user.status(), user.customMessage(), user.expiresAt(), user.devices(), user.location());
    }

    private static String text(View view) {
      if (view.equals(View.OFFLINE)) {
        return "offline";
      }
      Instant end = view.expiresAt();
      Location location = view.location();
      return view.status().text()
          + " "
          + view.message()
          + " "
          + (end == null ? "-" : seconds(end))
          + " "
          + view.devices().toString().toLowerCase(Locale.ROOT)
          + (location == null ? "" : " at " + seconds(location.expiresAt()));
    }
  }
}
