package dev.carillon.server.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.MemberStatus;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.DeviceState;
import dev.carillon.protocol.status.Profile;
import dev.carillon.protocol.status.Status;
import dev.carillon.protocol.status.UserStatus;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.LocalBroker;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.support.Published;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
  void aStatusIsToldByTheMemberItselfAndIsInTheList() throws Exception {
    now(presence.join(ROOM, ONE, named("7").with(status(1, Status.ONLINE)), 0));
    presence.update(ROOM, new UserId("7", false), status(2, Status.BUSY));

    assertThat(published.all()).hasSize(2);
    assertThat(text(0)).contains("member_added", "\\\"status\\\":\\\"online\\\"");
    assertThat(text(1))
        .contains("member_added", "\\\"name\\\":\\\"Ann\\\"", "\\\"status\\\":\\\"busy\\\"");
    assertThat(published.envelopes().get(1).except()).isNull();
    Presence.Snapshot members = now(presence.members(ROOM));
    assertThat(members.sequence()).isEqualTo(published.envelopes().get(1).sequence());
    assertThat(told(members)).contains("\"status\":\"busy\"", "\"version\":2");
    assertThat(told(join(ROOM, TWO, "8"))).contains("\"status\":\"busy\"");
  }

  @Test
  void aStatusThatIsNoLaterOneIsIgnored() throws Exception {
    now(presence.join(ROOM, ONE, named("7").with(status(10, Status.ONLINE)), 0));
    presence.update(ROOM, new UserId("7", false), status(9, Status.BUSY));
    presence.update(ROOM, new UserId("7", false), status(10, Status.BUSY));

    assertThat(published.all()).hasSize(1);
    assertThat(told(now(presence.members(ROOM)))).contains("online");
  }

  @Test
  void aLaterStatusThatLooksTheSameIsToldToNewcomersOnly() throws Exception {
    now(presence.join(ROOM, ONE, named("7").with(status(1, Status.ONLINE)), 0));
    presence.update(ROOM, new UserId("7", false), status(2, Status.ONLINE));

    assertThat(published.all()).hasSize(1);
    assertThat(told(now(presence.members(ROOM)))).contains("\"version\":2");
  }

  @Test
  void theStatusOfWhoIsNotInIsToldToNobody() throws Exception {
    join(ROOM, ONE, "8");
    presence.update(ROOM, new UserId("7", false), status(2, Status.BUSY));
    presence.update(OTHER, new UserId("7", false), status(2, Status.BUSY));
    presence.leave(ROOM, ONE, new UserId("8", false));

    assertThat(published.all()).hasSize(2);
    assertThat(now(presence.members(ROOM)).members()).isEmpty();
  }

  @Test
  void whoHasLeftComesWithoutTheFormerStatus() throws Exception {
    now(presence.join(ROOM, ONE, named("7").with(status(5, Status.BUSY)), 0));
    presence.leave(ROOM, ONE, new UserId("7", false));
    now(presence.join(ROOM, TWO, named("7").with(status(1, Status.ONLINE)), 0));
    presence.update(ROOM, new UserId("7", false), status(2, Status.AWAY));

    assertThat(published.all()).hasSize(4);
    assertThat(told(now(presence.members(ROOM)))).contains("away");
  }

  @Test
  void aMemberWhoJoinedWithoutAStatusGetsOne() throws Exception {
    Member number = new Member(new UserId("7", true), null);
    now(presence.join(ROOM, ONE, number, 0));
    presence.update(ROOM, new UserId("7", false), status(1, Status.ONLINE));

    assertThat(published.all()).hasSize(2);
    assertThat(text(1)).contains("\\\"user_id\\\":7", "online");
  }

  @Test
  void infoThatHasNoPlaceForAStatusIsToldOnce() throws Exception {
    Member list = new Member(new UserId("7", false), RawJson.string("Ann"));
    now(presence.join(ROOM, ONE, list.with(status(1, Status.ONLINE)), 0));
    presence.update(ROOM, new UserId("7", false), status(2, Status.BUSY));

    assertThat(published.all()).hasSize(1);
    assertThat(told(now(presence.members(ROOM)))).doesNotContain("busy");
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

  final void joinHere(Topic topic, SocketId socket, Member member) throws Exception {
    now(presence.join(topic, socket, member, 0));
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

  static MemberStatus status(long version, Status status) {
    return MemberStatus.of(
        new UserStatus(
            "7",
            Profile.UNKNOWN,
            status,
            "Hi",
            Instant.EPOCH.plusSeconds(version),
            Instant.EPOCH,
            null,
            new TreeMap<>(Map.of("web", DeviceState.ACTIVE)),
            null,
            version));
  }

  static Member named(String user) {
    byte[] info = "{\"name\":\"Ann\",\"status\":1}".getBytes(StandardCharsets.UTF_8);
    return new Member(new UserId(user, false), RawJson.slice(info, 0, info.length));
  }

  /** As a client is told of it. */
  private static String told(Presence.Snapshot snapshot) {
    byte[] frame = new ServerEvent.PresenceSucceeded(ROOM.channel(), snapshot.members()).toBytes();
    return new String(frame, StandardCharsets.UTF_8).replace("\\", "");
  }

  private static Member member(String user) {
    return new Member(new UserId(user, false), null);
  }

  private static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
