package dev.carillon.server.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.Cause;
import dev.carillon.protocol.status.DeviceState;
import dev.carillon.protocol.status.Location;
import dev.carillon.protocol.status.Profile;
import dev.carillon.protocol.status.ScheduleEntry;
import dev.carillon.protocol.status.Status;
import dev.carillon.protocol.status.StatusUpdate;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.LocalBroker;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.status.StatusStore.Change;
import dev.carillon.server.status.StatusStore.Changed;
import dev.carillon.server.status.StatusStore.Publication;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.Published;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of statuses does. */
abstract class StatusStoreContract {
  private static final Topic ANN = user("ann");
  private static final Topic NEWS = new Topic("3", ChannelName.of("news"));
  private static final Instant THEN = Instant.parse("2026-01-05T10:02:11.123456789Z");

  private final Published published = new Published();
  private final List<Changed> updates = new CopyOnWriteArrayList<>();
  private final Map<Topic, Change> whenDue = new ConcurrentHashMap<>();
  private Broker broker;
  private StatusStore store;

  /** The broker by which it publishes. */
  Broker broker(Broker.Listener listener) {
    return new LocalBroker(listener);
  }

  /** A store that publishes by that broker. */
  abstract StatusStore store(Broker broker, StatusStore.Listener listener);

  @BeforeEach
  void open() throws Exception {
    broker = broker(published);
    store = store(broker, new Told());
    published.watch(broker, NEWS, ANN);
  }

  private final class Told implements StatusStore.Listener {
    @Override
    public Optional<Change> due(Topic user) {
      return Optional.ofNullable(whenDue.get(user));
    }

    @Override
    public Optional<Change> died(Topic user, String deadNode) {
      return Optional.empty();
    }

    @Override
    public Optional<Change> back(Topic user, UserRecord known, boolean latest, Set<String> lives) {
      return Optional.empty();
    }

    @Override
    public void updated(Topic user, Changed changed) {
      updates.add(changed);
    }
  }

  static Topic user(String id) {
    return Topic.ofStatus("3", new UserId(id, false));
  }

  static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** Counts in the number of the last entry. */
  private static Change count() {
    return (before, at) -> new Changed(counted(before, at.now()), null, List.of(), null);
  }

  private static UserRecord counted(@Nullable UserRecord before, Instant now) {
    UserRecord user = before == null ? UserRecord.fresh(now) : before;
    return user.withSchedule(List.of(), user.lastEntry() + 1);
  }

  /** As {@link #count}, and tells the number. */
  private static Change tell() {
    return (before, at) -> {
      UserRecord after = counted(before, at.now());
      StatusUpdate update =
          new StatusUpdate(Telling.others("ann", after), Status.OFFLINE, Cause.MANUAL);
      return new Changed(
          after,
          null,
          List.of(
              publication(NEWS, "news " + after.lastEntry()),
              publication(ANN, "ann " + after.lastEntry())),
          update);
    };
  }

  private static Publication publication(Topic topic, String text) {
    return new Publication(
        topic, Envelope.of(text.getBytes(StandardCharsets.UTF_8), new SocketId("1.1")));
  }

  private static Change due(Duration after) {
    return (before, at) ->
        new Changed(counted(before, at.now()), at.now().plus(after), List.of(), null);
  }

  private UserRecord read(Topic user) throws Exception {
    return now(store.read(List.of(user))).records().get(0).orElse(null);
  }

  @Test
  void aChangeBeginsWithWhatTheOneBeforeHasLeft() throws Exception {
    List<UserRecord> seen = new ArrayList<>();
    Change remember =
        (before, at) -> {
          seen.add(before);
          return count().of(before, at);
        };

    UserRecord first = now(store.change(ANN, remember, true)).orElseThrow();
    UserRecord second = now(store.change(ANN, remember, false)).orElseThrow();

    assertThat(seen).first().isNull();
    assertThat(seen).last().isEqualTo(first);
    assertThat(second.lastEntry()).isEqualTo(2);
    assertThat(read(ANN)).isEqualTo(second);
  }

  @Test
  void changesOfAUserAreMadeInTheOrderOfTheCalls() throws Exception {
    List<CompletionStage<Optional<UserRecord>>> made = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      made.add(store.change(ANN, count(), i % 3 == 0));
    }

    for (int i = 0; i < 500; i++) {
      assertThat(now(made.get(i)).orElseThrow().lastEntry()).isEqualTo(i + 1);
    }
  }

  @Test
  void noneOfManyChangesAtOnceIsLost() throws Exception {
    CompletableFuture.allOf(
            IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(this::countTo100))
                .toArray(CompletableFuture[]::new))
        .get(60, TimeUnit.SECONDS);

    assertThat(read(ANN).lastEntry()).isEqualTo(400);
  }

  private void countTo100() {
    for (int i = 0; i < 100; i++) {
      store.change(ANN, count(), true).toCompletableFuture().join();
    }
  }

  @Test
  void whatAChangeTellsIsPublishedOnceAndInOrder() throws Exception {
    for (int i = 0; i < 100; i++) {
      store.change(ANN, tell(), true);
    }
    now(store.change(ANN, count(), true));

    for (Topic topic : List.of(NEWS, ANN)) {
      String name = topic.equals(NEWS) ? "news " : "ann ";
      assertThat(
              published.all().stream()
                  .filter(one -> one.topic().equals(topic))
                  .map(Published.One::text))
          .containsExactlyElementsOf(
              LongStream.rangeClosed(1, 100).mapToObj(i -> name + i).toList());
    }
    assertThat(published.envelopes().get(0).except()).isEqualTo(new SocketId("1.1"));
    assertThat(updates.stream().map(changed -> changed.after().lastEntry()))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 100).boxed().toList());
  }

  @Test
  void aMistakeChangesNothingAndIsTold() throws Exception {
    now(store.change(ANN, count(), true));
    Change mistake =
        (before, at) -> {
          throw ProtocolException.invalid("not so");
        };

    CompletionStage<Optional<UserRecord>> wrong = store.change(ANN, mistake, false);
    CompletionStage<Optional<UserRecord>> next = store.change(ANN, count(), false);

    assertThatThrownBy(() -> now(wrong))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(ProtocolException.class)
        .hasMessageContaining("not so");
    assertThat(now(next).orElseThrow().lastEntry()).isEqualTo(2);
  }

  @Test
  void whatIsNotKeptAnyMoreIsGone() throws Exception {
    now(store.change(ANN, due(Duration.ofHours(1)), true));

    Optional<UserRecord> kept =
        now(store.change(ANN, (before, at) -> new Changed(null, null, List.of(), null), true));

    assertThat(kept).isEmpty();
    assertThat(read(ANN)).isNull();
    assertThat(now(store.change(ANN, count(), true)).orElseThrow().lastEntry()).isEqualTo(1);
  }

  @Test
  void whatIsDueIsLookedAtThenAndOnce() throws Exception {
    List<Instant> looks = new CopyOnWriteArrayList<>();
    whenDue.put(
        ANN,
        (before, at) -> {
          Changed changed = tell().of(before, at);
          looks.add(at.now());
          return changed;
        });
    Instant due = now(store.read(List.of())).now().plusMillis(300);
    now(
        store.change(
            ANN,
            (before, at) -> new Changed(counted(before, at.now()), due, List.of(), null),
            true));

    Await.until("it is told", () -> !published.soFar().isEmpty());
    now(store.change(user("ben"), due(Duration.ofMillis(300)), true));
    whenDue.put(user("ben"), count());
    Await.until("another is looked at", () -> entries("ben") == 2);

    assertThat(looks).allMatch(look -> !look.isBefore(due));
    assertThat(published.texts()).containsExactly("news 2", "ann 2");
    assertThat(read(ANN).lastEntry()).isEqualTo(2);
  }

  private long entries(String id) {
    return store
        .read(List.of(user(id)))
        .toCompletableFuture()
        .join()
        .records()
        .get(0)
        .map(UserRecord::lastEntry)
        .orElse(0L);
  }

  @Test
  void aLaterDueTimeReplacesTheOneBefore() throws Exception {
    whenDue.put(ANN, tell());
    whenDue.put(user("ben"), count());
    now(store.change(ANN, due(Duration.ofMillis(300)), true));
    now(store.change(ANN, due(Duration.ofHours(1)), true));
    now(store.change(user("ben"), due(Duration.ofMillis(350)), true));

    Await.until("a later one is looked at", () -> entries("ben") == 2);

    assertThat(published.texts()).isEmpty();
    assertThat(read(ANN).lastEntry()).isEqualTo(2);
  }

  @Test
  void manyWhoAreDueAtOnceAreAllLookedAt() throws Exception {
    List<String> ids = IntStream.range(0, 1200).mapToObj(i -> "u" + i).toList();
    for (String id : ids) {
      whenDue.put(user(id), count());
      store.change(user(id), due(Duration.ofMillis(200)), true);
    }

    Await.until(
        "all are looked at",
        () ->
            store
                .read(ids.stream().map(StatusStoreContract::user).toList())
                .toCompletableFuture()
                .join()
                .records()
                .stream()
                .allMatch(record -> record.map(UserRecord::lastEntry).orElse(0L) == 2));
  }

  @Test
  void manyAreReadInTheirOrder() throws Exception {
    for (int i = 0; i < 100; i += 2) {
      for (int j = 0; j <= i; j++) {
        store.change(user("u" + i), count(), true);
      }
      now(store.change(user("u" + i), count(), true));
    }

    StatusStore.Read read =
        now(store.read(IntStream.range(0, 100).mapToObj(i -> user("u" + i)).toList()));

    assertThat(read.records()).hasSize(100);
    for (int i = 0; i < 100; i++) {
      Optional<Long> expected = i % 2 == 0 ? Optional.of(i + 2L) : Optional.empty();
      assertThat(read.records().get(i).map(UserRecord::lastEntry)).isEqualTo(expected);
    }
    assertThat(now(store.read(List.of())).records()).isEmpty();
  }

  @Test
  void theTimeGoesOn() throws Exception {
    Instant[] last = {now(store.read(List.of())).now()};
    for (int i = 0; i < 20; i++) {
      now(
          store.change(
              ANN,
              (before, at) -> {
                assertThat(at.now()).isBetween(last[0], last[0].plusSeconds(20));
                last[0] = at.now();
                return count().of(before, at);
              },
              true));
    }
  }

  @Test
  void allOfARecordIsKept() throws Exception {
    UserRecord full = full();

    now(
        store.change(
            ANN,
            (before, at) -> new Changed(full, THEN.plusSeconds(1 << 30), List.of(), null),
            true));

    assertThat(read(ANN)).isEqualTo(full);
  }

  private static UserRecord full() {
    Location location = new Location("Café \"M\"", 52.5, -1e-7, THEN.plusSeconds(60));
    View view =
        new View(
            Status.BUSY,
            "<b>in a call</b> \u2028 \uD83D\uDE00",
            Instant.parse("+10000-01-01T00:00:00Z"),
            new TreeMap<>(Map.of("web", DeviceState.ACTIVE, "a\"b", DeviceState.AWAY)),
            location);
    return new UserRecord(
        new Profile("Ann", "/a/1.png"),
        new Choice(Status.BUSY, "x", THEN.plusNanos(1), Instant.EPOCH.minusNanos(1)),
        List.of(new ScheduleEntry(7, Status.DND, null, THEN, THEN.plusSeconds(5))),
        7,
        location,
        List.of(ChannelName.of("private-a"), ChannelName.of("news")),
        List.of(
            new Device(
                "n1",
                new SocketId("1.2"),
                "web",
                "d{1}",
                Set.of("presence-b", "presence-a"),
                THEN,
                true,
                false,
                null,
                THEN.plusSeconds(10)),
            new Device(
                "n2", new SocketId("1.3"), null, null, Set.of(), THEN, false, true, THEN, null)),
        THEN,
        THEN.minusSeconds(1),
        new Shown(
            view,
            View.OFFLINE,
            Shown.Source.CHOICE,
            THEN,
            THEN.minusMillis(1),
            THEN,
            THEN.plusMillis(1),
            318),
        new Pending(THEN, Cause.CONNECTED));
  }
}
