package dev.carillon.server.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.LocalBroker;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.support.Published;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every implementation of users does. */
abstract class UsersContract {
  static final Topic ANN = Topic.ofStatus("3", new UserId("ann", false));
  private static final Topic BEN = Topic.ofStatus("3", new UserId("ben", false));
  private static final Topic OTHER_ANN = Topic.ofStatus("4", new UserId("ann", false));
  static final SocketId ONE = new SocketId("1.1");
  static final SocketId TWO = new SocketId("2.2");

  private final Published published = new Published();
  private Broker broker;
  Users users;

  /** The broker by which they publish. */
  Broker broker(Broker.Listener listener) {
    return new LocalBroker(listener);
  }

  /** Users who are published by that broker. */
  abstract Users users(Broker broker);

  /** The same, but a grace is over as soon as it begins. */
  abstract Users withoutGrace(Broker broker);

  /** Ends every grace that has begun. */
  abstract void passGrace() throws Exception;

  @BeforeEach
  void open() throws Exception {
    broker = broker(published);
    users = users(broker);
    published.watch(broker, ANN, BEN, OTHER_ANN);
  }

  @Test
  void theFirstConnectionComesOnline() throws Exception {
    signIn(ANN, ONE);
    signIn(ANN, TWO);

    assertThat(changes()).containsExactly(online("ann"));
    assertThat(published.all().get(0).topic()).isEqualTo(ANN);
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

    List<Long> changes = published.envelopes().stream().map(Envelope::sequence).toList();
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
    users = withoutGrace(broker);

    List<CompletableFuture<Void>> tabs =
        IntStream.rangeClosed(1, 4)
            .mapToObj(tab -> CompletableFuture.runAsync(() -> comeAndGo(new SocketId(tab + ".1"))))
            .toList();
    for (CompletableFuture<Void> tab : tabs) {
      now(tab);
    }
    passGrace();

    List<String> changes = changes();
    assertThat(changes).hasSizeGreaterThanOrEqualTo(2);
    for (int i = 0; i < changes.size(); i++) {
      assertThat(changes.get(i)).isEqualTo(i % 2 == 0 ? online("ann") : offline("ann"));
    }
    assertThat(changes.get(changes.size() - 1)).isEqualTo(offline("ann"));
    assertThat(published.envelopes().stream().map(Envelope::sequence))
        .isSorted()
        .doesNotHaveDuplicates();
  }

  private void comeAndGo(SocketId socket) {
    for (int i = 0; i < 500; i++) {
      users.signedIn(ANN, socket).toCompletableFuture().join();
      users.signedOut(ANN, socket);
    }
  }

  final void signIn(Topic user, SocketId socket) throws Exception {
    now(users.signedIn(user, socket));
  }

  final boolean online(Topic user) throws Exception {
    return status(user).online();
  }

  private Users.Status status(Topic user) throws Exception {
    return now(users.statuses(List.of(user))).get(0);
  }

  static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  final List<String> changes() throws Exception {
    return published.texts();
  }

  static String online(String user) {
    return change("online", user);
  }

  static String offline(String user) {
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
