package dev.carillon.server.user;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every implementation of users does. */
abstract class UsersContract {
  private static final Topic ANN = Topic.ofStatus("3", new UserId("ann", false));
  private static final Topic BEN = Topic.ofStatus("3", new UserId("ben", false));
  private static final Topic OTHER_ANN = Topic.ofStatus("4", new UserId("ann", false));
  private static final SocketId ONE = new SocketId("1.1");
  private static final SocketId TWO = new SocketId("2.2");

  private final Recorder broker = new Recorder();
  private final Queue<Runnable> graces = new ConcurrentLinkedQueue<>();
  private Users users;

  /** Users who are published by that broker; what is to be done after the grace goes there. */
  abstract Users users(Broker broker, Executor afterGrace);

  /** What was published, to which topic. */
  private record Published(Topic topic, Envelope envelope) {
    String text() {
      return new String(envelope.message(), UTF_8);
    }
  }

  /** Keeps what is published. */
  private static final class Recorder implements Broker {
    private final List<Published> published = new CopyOnWriteArrayList<>();

    @Override
    public CompletionStage<Void> subscribe(Topic topic) {
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void unsubscribe(Topic topic) {}

    @Override
    public CompletionStage<Void> publish(Topic topic, Envelope envelope) {
      published.add(new Published(topic, envelope));
      return CompletableFuture.completedStage(null);
    }
  }

  @BeforeEach
  void open() {
    users = users(broker, graces::add);
  }

  @Test
  void theFirstConnectionComesOnline() throws Exception {
    signIn(ANN, ONE);
    signIn(ANN, TWO);

    assertThat(changes()).containsExactly(online("ann"));
    assertThat(broker.published.get(0).topic()).isEqualTo(ANN);
    assertThat(online(ANN)).isTrue();
    assertThat(online(BEN)).isFalse();
  }

  @Test
  void theLastConnectionGoesOfflineAfterTheGrace() throws Exception {
    signIn(ANN, ONE);
    signIn(ANN, TWO);

    users.signedOut(ANN, ONE);
    passGrace();
    assertThat(changes()).containsExactly(online("ann"));
    users.signedOut(ANN, TWO);
    assertThat(online(ANN)).isTrue();
    passGrace();

    assertThat(changes()).containsExactly(online("ann"), offline("ann"));
    assertThat(online(ANN)).isFalse();
  }

  @Test
  void whoComesBackWithinTheGraceIsNoNews() throws Exception {
    signIn(ANN, ONE);

    users.signedOut(ANN, ONE);
    signIn(ANN, TWO);
    passGrace();

    assertThat(changes()).containsExactly(online("ann"));
    assertThat(online(ANN)).isTrue();
  }

  @Test
  void theGraceCountsFromTheLastGoing() throws Exception {
    signIn(ANN, ONE);
    users.signedOut(ANN, ONE);
    signIn(ANN, TWO);
    users.signedOut(ANN, TWO);

    assertThat(graces).hasSize(2);
    graces.remove().run();

    assertThat(online(ANN)).isTrue();
  }

  @Test
  void aConnectionThatSignsInAgainCountsOnce() throws Exception {
    signIn(ANN, ONE);
    signIn(ANN, ONE);

    users.signedOut(ANN, ONE);
    passGrace();

    assertThat(changes()).containsExactly(online("ann"), offline("ann"));
  }

  @Test
  void aConnectionThatIsNotInCannotGo() throws Exception {
    users.signedOut(ANN, ONE);
    signIn(ANN, ONE);
    users.signedOut(ANN, TWO);
    passGrace();

    assertThat(changes()).containsExactly(online("ann"));
  }

  @Test
  void aUserOfAnotherAppIsAnother() throws Exception {
    signIn(ANN, ONE);

    assertThat(online(OTHER_ANN)).isFalse();
  }

  @Test
  void aStatusIsBetweenTheChangesItContainsAndTheNext() throws Exception {
    long unknown = status(ANN).sequence();
    signIn(ANN, ONE);
    long known = status(ANN).sequence();
    users.signedOut(ANN, ONE);
    passGrace();
    long gone = status(ANN).sequence();
    signIn(ANN, TWO);

    List<Long> changes = broker.published.stream().map(one -> one.envelope().sequence()).toList();
    assertThat(changes.get(0)).isGreaterThan(unknown).isPositive().isLessThanOrEqualTo(known);
    assertThat(changes.get(1)).isGreaterThan(known).isLessThanOrEqualTo(gone);
    assertThat(changes.get(2)).isGreaterThan(gone);
  }

  @Test
  void statusesAreInTheOrderInWhichTheyWereAsked() throws Exception {
    signIn(BEN, ONE);

    assertThat(now(users.statuses(List.of(ANN, BEN, OTHER_ANN))))
        .extracting(Users.Status::online)
        .containsExactly(false, true, false);
  }

  @Test
  void comingAndGoingAtOnceIsToldInTurns() throws Exception {
    ExecutorService timer = Executors.newSingleThreadExecutor();
    users = users(broker, timer);

    List<CompletableFuture<Void>> tabs =
        IntStream.rangeClosed(1, 4)
            .mapToObj(tab -> CompletableFuture.runAsync(() -> comeAndGo(new SocketId(tab + ".1"))))
            .toList();
    for (CompletableFuture<Void> tab : tabs) {
      now(tab);
    }
    timer.shutdown(); // all that was due before is run
    assertThat(timer.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

    List<String> changes = changes();
    assertThat(changes).hasSizeGreaterThanOrEqualTo(2);
    for (int i = 0; i < changes.size(); i++) {
      assertThat(changes.get(i)).isEqualTo(i % 2 == 0 ? online("ann") : offline("ann"));
    }
    assertThat(changes.get(changes.size() - 1)).isEqualTo(offline("ann"));
    assertThat(broker.published.stream().map(one -> one.envelope().sequence()))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  private void comeAndGo(SocketId socket) {
    for (int i = 0; i < 500; i++) {
      users.signedIn(ANN, socket).toCompletableFuture().join();
      users.signedOut(ANN, socket);
    }
  }

  private void signIn(Topic user, SocketId socket) throws Exception {
    now(users.signedIn(user, socket));
  }

  private boolean online(Topic user) throws Exception {
    return status(user).online();
  }

  private Users.Status status(Topic user) throws Exception {
    return now(users.statuses(List.of(user))).get(0);
  }

  /** Ends every grace that has begun. */
  private void passGrace() {
    for (Runnable grace = graces.poll(); grace != null; grace = graces.poll()) {
      grace.run();
    }
  }

  private static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private List<String> changes() {
    return broker.published.stream().map(Published::text).toList();
  }

  private static String online(String user) {
    return change("online", user);
  }

  private static String offline(String user) {
    return change("offline", user);
  }

  private static String change(String name, String user) {
    return "{\"event\":\"pusher_internal:watchlist_events\",\"data\":\"{\\\"events\\\":[{\\\"name\\\":\\\""
        + name
        + "\\\",\\\"user_ids\\\":[\\\""
        + user
        + "\\\"]}]}\"}";
  }
}
