package dev.carillon.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.auth.ChannelAuth;
import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.ClientEvent;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.MemberStatus;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.app.App;
import dev.carillon.server.broker.LocalBroker;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.LocalChannelCache;
import dev.carillon.server.channel.Hub;
import dev.carillon.server.channel.Hubs;
import dev.carillon.server.channel.Ports;
import dev.carillon.server.config.AppConfig;
import dev.carillon.server.config.DndConfig;
import dev.carillon.server.connection.FlushQueue;
import dev.carillon.server.connection.HttpConnection;
import dev.carillon.server.directory.LocalDirectory;
import dev.carillon.server.held.LocalHeldEvents;
import dev.carillon.server.limit.AddressLimit;
import dev.carillon.server.limit.FailedSignatures;
import dev.carillon.server.metrics.Metrics;
import dev.carillon.server.occupancy.LocalOccupancy;
import dev.carillon.server.presence.LocalPresence;
import dev.carillon.server.presence.Presence;
import dev.carillon.server.quota.LocalQuota;
import dev.carillon.server.status.LocalStatusStore;
import dev.carillon.server.status.StatusStore;
import dev.carillon.server.status.StatusTimes;
import dev.carillon.server.status.Statuses;
import dev.carillon.server.user.LocalUsers;
import dev.carillon.server.webhook.AppWebhooks;
import dev.carillon.server.webhook.Webhooks;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A presence that does everything in order, but whose answers take their time. */
class SessionTest {
  private static final String CHANNEL = "presence-a";
  private static final SocketId SOCKET = new SocketId("1.1");
  private static final String ANN = "{\"user_id\":\"ann\"}";
  private static final App APP = App.of(AppConfig.sample());
  private static final Topic TOPIC = new Topic(APP.id(), ChannelName.of(CHANNEL));

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final Metrics metrics = new Metrics();
  private final Queue<Runnable> answers = new ArrayDeque<>();
  private Slow presence;
  private Session session;

  /** Joins at once, and says so when the test wants it. */
  private final class Slow implements Presence {
    private final LocalPresence members;

    Slow(LocalPresence members) {
      this.members = members;
    }

    @Override
    public CompletionStage<Snapshot> join(
        Topic topic, SocketId socket, Member member, int maxMembers) {
      CompletableFuture<Snapshot> answer = new CompletableFuture<>();
      CompletableFuture<Snapshot> joined =
          members.join(topic, socket, member, maxMembers).toCompletableFuture();
      answers.add(() -> answer.complete(joined.getNow(null)));
      return answer;
    }

    @Override
    public void leave(Topic topic, SocketId socket, UserId user) {
      members.leave(topic, socket, user);
    }

    @Override
    public void update(Topic topic, UserId user, MemberStatus status) {
      members.update(topic, user, status);
    }

    @Override
    public CompletionStage<Snapshot> members(Topic topic) {
      return members.members(topic);
    }
  }

  @BeforeEach
  void open() {
    Hubs hubs = new Hubs();
    LocalBroker broker = new LocalBroker(hubs);
    LocalPresence members = new LocalPresence(broker, Webhooks.none());
    presence = new Slow(members);
    LocalOccupancy occupancy = new LocalOccupancy(Webhooks.none());
    LocalChannelCache cache =
        new LocalChannelCache(
            broker, LocalChannelCache.Limits.STANDARD, System::nanoTime, loop, metrics.cache());
    StatusStore statuses =
        new LocalStatusStore(broker, hubs, InstantSource.system(), (delay, task) -> {});
    Hub hub =
        new Hub(
            APP,
            new Ports(
                broker,
                presence,
                occupancy,
                cache,
                new LocalUsers(broker, loop),
                new LocalQuota(),
                new LocalDirectory(occupancy, members, cache),
                statuses,
                new LocalHeldEvents(
                    broker,
                    cache,
                    LocalHeldEvents.Limits.STANDARD,
                    System::nanoTime,
                    loop,
                    metrics.held())),
            new Statuses(APP, statuses, StatusTimes.defaults()),
            DndConfig.defaults(),
            metrics.app(APP.id()),
            AppWebhooks.none(),
            loop);
    hubs.add(hub);
    Sessions sessions =
        new Sessions(
            new FailedSignatures(new AddressLimit("none", 0, System::nanoTime, () -> {})),
            System::nanoTime);
    onLoop(
        () ->
            session =
                sessions.open(
                    new HttpConnection(
                        SOCKET, loop, new FlushQueue(loop, 1_000_000, () -> {}), () -> {}),
                    hub,
                    InetAddress.getLoopbackAddress()));
  }

  @AfterEach
  void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    metrics.close();
  }

  @Test
  void whoLeavesAndComesBackBeforeTheAnswerIsAMember() {
    subscribe(ANN);
    unsubscribe();
    subscribe(ANN);
    answer();
    assertThat(members()).isEqualTo(1);
    answer();
    assertThat(members()).isEqualTo(1);

    unsubscribe();
    assertThat(members()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void whoHasLeftBeforeTheAnswersIsNoMember(int times) {
    for (int i = 0; i < times; i++) {
      subscribe(ANN);
      unsubscribe();
    }
    for (int i = 0; i < times; i++) {
      answer();
    }

    assertThat(members()).isZero();
  }

  @Test
  void whoComesBackAsAnotherLeavesTheFirst() {
    subscribe(ANN);
    unsubscribe();
    subscribe("{\"user_id\":\"ben\"}");
    answer();
    answer();

    assertThat(members()).isEqualTo(1);
  }

  @Test
  void whoseConnectionEndsBeforeTheAnswersIsNoMember() {
    subscribe(ANN);
    unsubscribe();
    subscribe(ANN);
    onLoop(session::closed);
    answer();
    answer();

    assertThat(members()).isZero();
  }

  private void subscribe(String channelData) {
    Credentials credentials = APP.credentials();
    String auth = ChannelAuth.sign(credentials, SOCKET, TOPIC.channel(), channelData);
    onLoop(() -> session.subscribe(new ClientEvent.Subscribe(CHANNEL, auth, channelData)));
  }

  private void unsubscribe() {
    onLoop(() -> session.unsubscribe(new ClientEvent.Unsubscribe(CHANNEL)));
  }

  /** The oldest question is answered. */
  private void answer() {
    onLoop(answers.remove());
    onLoop(() -> {}); // what the answer has handed to the loop is done
  }

  private int members() {
    return presence.members.count(TOPIC);
  }

  private void onLoop(Runnable task) {
    loop.submit(task).syncUninterruptibly();
  }
}
