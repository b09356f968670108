package dev.carillon.server.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.LocalBroker;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.support.Published;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every presence does. */
abstract class PresenceContract {
  private static final Topic ROOM = new Topic("3", ChannelName.of("presence-a"));
  private static final Topic OTHER = new Topic("4", ChannelName.of("presence-a"));
  private static final SocketId ONE = new SocketId("1.1");
  private static final SocketId TWO = new SocketId("2.2");

  private final Published published = new Published();
  private Presence presence;

  /** The broker by which it publishes. */
  Broker broker(Broker.Listener listener) {
    return new LocalBroker(listener);
  }

  /** A presence that publishes by that broker. */
  abstract Presence presence(Broker broker);

  @BeforeEach
  void open() throws Exception {
    Broker broker = broker(published);
    presence = presence(broker);
    published.watch(broker, ROOM, OTHER);
  }

  @Test
  void aJoinerIsInItsOwnList() throws Exception {
    Presence.Snapshot snapshot = join(ROOM, ONE, "7");

    assertThat(snapshot.members()).containsExactly(member("7"));
    assertThat(now(presence.members(ROOM))).isEqualTo(snapshot);
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void theFirstConnectionOfAUserIsToldToAllButItself() throws Exception {
    join(ROOM, ONE, "7");

    assertThat(published.all()).hasSize(1);
    assertThat(text(0)).contains("member_added", "presence-a", "\\\"7\\\"");
    assertThat(published.envelopes().get(0).except()).isEqualTo(ONE);
  }

  @Test
  void furtherConnectionsOfAUserAreToldToNobody() throws Exception {
    join(ROOM, ONE, "7");
    Presence.Snapshot second = join(ROOM, TWO, "7");
    presence.leave(ROOM, ONE, new UserId("7", false));

    assertThat(second.members()).hasSize(1);
    assertThat(published.all()).hasSize(1);
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void theLastConnectionOfAUserIsToldAndEmptiesTheChannel() throws Exception {
    join(ROOM, ONE, "7");
    join(ROOM, TWO, "7");
    presence.leave(ROOM, ONE, new UserId("7", false));
    presence.leave(ROOM, TWO, new UserId("7", false));

    assertThat(published.all()).hasSize(2);
    assertThat(text(1)).contains("member_removed", "\\\"7\\\"");
    assertThat(now(presence.members(ROOM)).members()).isEmpty();
    assertThat(count()).isZero();
  }

  @Test
  void changesAreNumberedAndASnapshotTellsTheLastThatItContains() throws Exception {
    Presence.Snapshot first = join(ROOM, ONE, "7");
    Presence.Snapshot second = join(ROOM, TWO, "8");
    presence.leave(ROOM, ONE, new UserId("7", false));

    assertThat(published.envelopes().stream().map(Envelope::sequence))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(first.sequence()).isEqualTo(published.envelopes().get(0).sequence()).isPositive();
    assertThat(second.sequence()).isEqualTo(published.envelopes().get(1).sequence());
    assertThat(now(presence.members(ROOM)).sequence())
        .isEqualTo(published.envelopes().get(2).sequence());
  }

  @Test
  void aLeaveThatWasNoJoinChangesNothing() throws Exception {
    presence.leave(ROOM, ONE, new UserId("7", false));
    join(ROOM, ONE, "7");
    presence.leave(ROOM, TWO, new UserId("7", false));
    presence.leave(ROOM, ONE, new UserId("8", false));

    assertThat(published.all()).hasSize(1);
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void joiningTwiceWithOneConnectionIsOneJoin() throws Exception {
    join(ROOM, ONE, "7");
    join(ROOM, ONE, "7");
    presence.leave(ROOM, ONE, new UserId("7", false));

    assertThat(count()).isZero();
    assertThat(published.all()).hasSize(2);
  }

  @Test
  void theInfoOfTheFirstConnectionStays() throws Exception {
    Member first = new Member(new UserId("7", true), RawJson.string("first"));
    Member second = new Member(new UserId("7", false), RawJson.string("second"));

    now(presence.join(ROOM, ONE, first, 0));
    Presence.Snapshot snapshot = now(presence.join(ROOM, TWO, second, 0));

    Member told = snapshot.members().get(0);
    assertThat(told.userInfo()).isEqualTo(RawJson.string("first"));
    assertThat(told.userId().number()).isTrue();
  }

  @Test
  void channelsOfOtherAppsAreOthers() throws Exception {
    join(ROOM, ONE, "7");

    assertThat(join(OTHER, TWO, "8").members()).containsExactly(member("8"));
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void aFullChannelTakesNoFurtherUserButFurtherConnections() throws Exception {
    now(presence.join(ROOM, ONE, member("7"), 1));

    assertThatThrownBy(() -> now(presence.join(ROOM, TWO, member("8"), 1)))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(ProtocolException.class);
    assertThat(now(presence.join(ROOM, TWO, member("7"), 1)).members()).hasSize(1);
    assertThat(published.all()).hasSize(1);
  }

  @Test
  void whoComesAtTheSameMomentAsOthersIsCountedOnce() throws Exception {
    CompletableFuture.allOf(
            CompletableFuture.runAsync(() -> comeAndGo("1.")),
            CompletableFuture.runAsync(() -> comeAndGo("2.")),
            CompletableFuture.runAsync(() -> comeAndGo("3.")))
        .get(30, TimeUnit.SECONDS);

    assertThat(count()).isZero();
    List<String> texts = published.texts();
    assertThat(texts.size() % 2).isZero();
    for (int i = 0; i < texts.size(); i++) {
      assertThat(texts.get(i)).contains(i % 2 == 0 ? "member_added" : "member_removed");
    }
  }

  private void comeAndGo(String node) {
    for (int i = 0; i < 300; i++) {
      SocketId socket = new SocketId(node + i);
      presence.join(ROOM, socket, member("7"), 0).toCompletableFuture().join();
      presence.leave(ROOM, socket, new UserId("7", false));
    }
  }

  private Presence.Snapshot join(Topic topic, SocketId socket, String user) throws Exception {
    return now(presence.join(topic, socket, member(user), 0));
  }

  private int count() throws Exception {
    return now(presence.members(ROOM)).members().size();
  }

  private String text(int i) throws Exception {
    return published.texts().get(i);
  }

  private static Member member(String user) {
    return new Member(new UserId(user, false), null);
  }

  private static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
