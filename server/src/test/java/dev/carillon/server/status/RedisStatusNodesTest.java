package dev.carillon.server.status;

import static dev.carillon.server.status.StatusNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.protocol.status.ScheduleEntry;
import dev.carillon.protocol.status.Status;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.status.StatusNode.Told;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.redis.OnRedis;
import dev.carillon.server.support.redis.RedisServer;
import dev.carillon.server.support.redis.TcpProxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.Jedis;

/** Nodes that share users: who is told what, and how often. */
@Timeout(120)
class RedisStatusNodesTest {
  private static final Duration LEASE = Duration.ofSeconds(2);
  private static final StatusTimes TIMES =
      new StatusTimes(
          Duration.ofSeconds(3),
          Duration.ofMinutes(5),
          Duration.ofMinutes(15),
          Duration.ofMillis(50),
          Duration.ofDays(1));

  private final List<StatusNode> nodes = new ArrayList<>();
  private RedisServer redis;
  private ScalingConfig scaling;

  @BeforeEach
  void start() {
    redis = RedisServer.start();
    scaling =
        OnRedis.at(redis.port(), LEASE).toBuilder().publishTimeout(Duration.ofSeconds(3)).build();
  }

  @AfterEach
  void stop() {
    nodes.forEach(StatusNode::close);
    redis.close();
  }

  private StatusNode node() {
    return node(scaling);
  }

  private StatusNode node(ScalingConfig config) {
    StatusNode node = new StatusNode(config, TIMES);
    nodes.add(node);
    Await.until("it is connected", node.node::available);
    return node;
  }

  /** Behind a network that can be cut. */
  private StatusNode nodeBehind(TcpProxy proxy) {
    ScalingConfig through = OnRedis.at(proxy.port(), LEASE);
    return node(
        scaling.toBuilder()
            .redis(through.redis().toBuilder().prefix(scaling.redis().prefix()).build())
            .build());
  }

  /** The versions of a user that the nodes have told their listeners. */
  private List<Long> updates(String user) {
    return nodes.stream()
        .flatMap(node -> node.updates.stream())
        .filter(update -> update.startsWith(user + " "))
        .map(update -> Long.valueOf(update.substring(user.length() + 1)))
        .sorted()
        .toList();
  }

  private static void comes(String user, String status, StatusNode watcher) {
    Await.until(
        user + " is " + status,
        () ->
            watcher.heard.stream()
                .reduce((a, b) -> b)
                .filter(told -> told.user().equals(user) && told.status().equals(status))
                .isPresent());
  }

  @Test
  void aDeviceHereAndAChoiceThereAreToldOnceAndSoIsItsEnd() {
    StatusNode a = node();
    StatusNode b = node().watch("ann");
    StatusNode c = node();
    a.connect("ann", "1.1", "d1");
    comes("ann", "online", b);

    UserRecord chosen = get(c.choose("ann", Status.BUSY, Duration.ofMillis(700)));
    assertThat(chosen.shown().version()).isEqualTo(2);
    Await.until("it has ended", () -> b.heard.size() == 3);
    get(c.choose("ann", Status.AWAY, null));
    comes("ann", "away", b);

    assertThat(b.heard)
        .containsExactly(
            new Told("ann", "online", 1),
            new Told("ann", "busy", 2),
            new Told("ann", "online", 3),
            new Told("ann", "away", 4));
    Await.until("all is told", () -> updates("ann").size() == 4);
    assertThat(updates("ann")).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void nodesThatChangeOneUserAtOnceLoseNothing() {
    List<StatusNode> all = List.of(node(), node(), node());
    List<CompletionStage<UserRecord>> made = new ArrayList<>();
    for (int i = 0; i < 48; i++) {
      made.add(schedule(all.get(i % 3), Duration.ofHours(1 + i)));
    }
    made.forEach(StatusNode::get);

    UserRecord ann = all.get(0).record("ann");
    assertThat(ann.schedule().stream().map(ScheduleEntry::id).toList())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 48).boxed().toList());
    assertThat(ann.schedule().stream().map(ScheduleEntry::startsAt).distinct()).hasSize(48);
  }

  private static CompletionStage<UserRecord> schedule(StatusNode node, Duration in) {
    return node.statuses.ask(
        StatusNode.id("ann"),
        null,
        (record, at) -> Changes.scheduled(record, in(at.now().plus(in)), at.now()));
  }

  private static ScheduleEntry in(Instant start) {
    return new ScheduleEntry(0, Status.BUSY, null, start, start.plusSeconds(60));
  }

  @Test
  void aDeadNodesUsersBeginTheirGraceWhenItsLeaseIsOver() {
    try (TcpProxy network = TcpProxy.to(redis)) {
      StatusNode a = nodeBehind(network);
      StatusNode b = node().watch("ann", "ben");
      node();
      a.connect("ann", "1.1", "d1");
      a.connect("ben", "1.2", "d2");
      b.connect("ben", "2.1", "d3");
      Await.until("both are online", () -> b.heard.size() == 2);
      Instant lastSign = now(b);
      network.cut();
      a.close();

      Await.until("ann is absent", () -> b.record("ann").absentSince() != null);
      Instant absent = b.record("ann").absentSince();
      comes("ann", "offline", b);

      assertThat(absent).isAfter(lastSign.plus(LEASE).minusSeconds(1).minusMillis(200));
      Instant offline = b.record("ann").shown().since();
      assertThat(offline).isAfterOrEqualTo(absent.plus(TIMES.offlineAfter()));
      assertThat(b.heard).hasSize(3).last().isEqualTo(new Told("ann", "offline", 2));
      Await.until("ben's other device is forgotten", () -> b.record("ben").devices().size() == 1);
      assertThat(b.seen("ben")).isEqualTo("online 1");
      Await.until("all is told", () -> updates("ann").size() == 2);
      assertThat(updates("ann")).containsExactly(1L, 2L);
    }
  }

  @Test
  void aNodeThatWasCutOffPutsItsDevicesBackAndThatIsNoNews() {
    try (TcpProxy network = TcpProxy.to(redis)) {
      StatusNode a = nodeBehind(network);
      StatusNode b = node().watch("ann");
      a.connect("ann", "1.1", "d1");
      comes("ann", "online", b);
      network.cut();
      Await.until("ann is absent", () -> b.record("ann").absentSince() != null);
      a.connect("ann", "1.2", "d9");
      a.disconnect("ann", "1.2");
      network.heal();

      Await.until("ann is back", () -> b.record("ann").absentSince() == null);
      Await.until("the other is forgotten", () -> b.record("ann").devices().size() == 1);
      assertThat(b.heard).containsExactly(new Told("ann", "online", 1));
      a.disconnect("ann", "1.1");
      comes("ann", "offline", b);
      assertThat(b.heard).hasSize(2);
    }
  }

  @Test
  void whoLeftACutNodeLongerAgoThanTheGraceStaysOffline() {
    try (TcpProxy network = TcpProxy.to(redis)) {
      StatusNode a = nodeBehind(network);
      StatusNode b = node().watch("ann");
      a.connect("ann", "1.1", "d1");
      comes("ann", "online", b);
      network.cut();
      a.disconnect("ann", "1.1");
      Instant left = now(b);
      comes("ann", "offline", b);
      Instant evicted = b.record("ann").absentSince();
      network.heal();

      Await.until(
          "the cut node has told when ann left",
          () -> !evicted.equals(b.record("ann").absentSince()));
      assertThat(b.record("ann").absentSince()).isBeforeOrEqualTo(left);
      assertThat(b.record("ann").pending()).isNull();
      assertThat(b.record("ann").devices()).isEmpty();
      assertThat(b.heard)
          .containsExactly(new Told("ann", "online", 1), new Told("ann", "offline", 2));
    }
  }

  @Test
  void whoLeftACutNodeHasTheRestOfTheGraceAfterIt() {
    try (TcpProxy network = TcpProxy.to(redis)) {
      StatusNode a = nodeBehind(network);
      StatusNode b = node().watch("ann");
      a.connect("ann", "1.1", "d1");
      comes("ann", "online", b);
      network.cut();
      a.disconnect("ann", "1.1");
      Instant left = now(b);
      Await.until("ann is absent", () -> b.record("ann").absentSince() != null);
      Instant evicted = b.record("ann").absentSince();
      Instant healed = now(b);
      network.heal();

      comes("ann", "offline", b);
      assertThat(b.record("ann").absentSince()).isBeforeOrEqualTo(left).isBefore(evicted);
      assertThat(b.record("ann").shown().lastSeen()).isBeforeOrEqualTo(left);
      assertThat(b.record("ann").shown().since()).isBefore(healed.plus(TIMES.offlineAfter()));
      assertThat(b.heard)
          .containsExactly(new Told("ann", "online", 1), new Told("ann", "offline", 2));
    }
  }

  private static Instant now(StatusNode node) {
    return get(node.store.read(List.of())).now();
  }

  @Test
  void aRollingRestartInWhichUsersComeBackIsNoNews() {
    StatusNode watcher = node().watch("ann", "ben");
    StatusNode a = node();
    StatusNode b = node();
    a.connect("ann", "1.1", "d1");
    a.connect("ben", "1.2", "d2");
    b.connect("ben", "2.2", "d3");
    Await.until("both are online", () -> watcher.heard.size() == 2);

    a.disconnect("ann", "1.1");
    a.disconnect("ben", "1.2");
    a.close();
    b.connect("ann", "2.1", "d1");
    b.connect("ben", "2.4", "d2");
    StatusNode a2 = node();
    b.disconnect("ann", "2.1");
    b.disconnect("ben", "2.2");
    b.disconnect("ben", "2.4");
    b.close();
    a2.connect("ann", "3.1", "d1");
    a2.connect("ben", "3.2", "d2");
    a2.connect("ben", "3.3", "d3");
    StatusNode b2 = node();

    for (String user : List.of("ann", "ben")) {
      int devices = user.equals("ann") ? 1 : 2;
      Await.until(
          user + " has all devices, and no other",
          () ->
              b2.record(user).devices().size() == devices
                  && b2.record(user).devices().stream().allMatch(d -> d.goneAt() == null));
    }
    get(b2.choose("ann", Status.BUSY, null));
    comes("ann", "busy", watcher);
    assertThat(watcher.heard)
        .containsExactlyInAnyOrder(
            new Told("ann", "online", 1), new Told("ben", "online", 1), new Told("ann", "busy", 2));
  }

  @Test
  void aRedisThatComesBackEmptyHasAllStatusesAgainAndNobodyIsTold() {
    StatusNode a = node();
    StatusNode b = node().watch("ann", "ben", "cat");
    StatusNode c = node();
    a.connect("ann", "1.1", "d1");
    comes("ann", "online", b);
    get(c.choose("ann", Status.BUSY, null));
    get(c.choose("cat", Status.DND, null)); // who has no device
    b.connect("ann", "2.1", "d2");
    b.connect("ben", "2.2", "d3");
    comes("ben", "online", b);
    Await.until("ann has two devices", () -> a.record("ann").devices().size() == 2);
    List<String> before = statuses(a);
    List<Told> heard = List.copyOf(b.heard);

    redis.restart();

    Await.until("all statuses are back", () -> statuses(a).equals(before));
    Await.until(
        "the devices are back",
        () -> a.record("ann").devices().stream().filter(d -> d.goneAt() == null).count() == 2);
    long scripts = scripts();
    get(c.choose("ben", Status.AWAY, null));
    comes("ben", "away", b);
    assertThat(scripts() - scripts)
        .as("scripts in at most 2 s, of which most look")
        .isLessThan(400);
    assertThat(b.heard.subList(0, b.heard.size() - 1)).isEqualTo(heard);
    assertThat(b.heard).last().isEqualTo(new Told("ben", "away", 1002));
    a.disconnect("ann", "1.1");
    b.disconnect("ann", "2.1");
    get(c.choose("ann", null, null));
    comes("ann", "offline", b);
    assertThat(a.record("ann").shown().version()).isEqualTo(1004);
  }

  /** Without their versions, which rise above all that may have been told. */
  private static List<String> statuses(StatusNode node) {
    return Stream.of("ann", "ben", "cat")
        .map(user -> node.seen(user).replaceFirst("[0-9]+$", ""))
        .toList();
  }

  private long scripts() {
    try (Jedis client = redis.connect()) {
      String line =
          client
              .info("commandstats")
              .lines()
              .filter(each -> each.startsWith("cmdstat_eval:calls="))
              .findAny()
              .orElseThrow();
      return Long.parseLong(line.split("[=,]")[1]);
    }
  }

  @Test
  void anEmptiedRedisIsNoticed() {
    StatusNode a = node();
    StatusNode b = node().watch("ann", "ben");
    a.connect("ann", "1.1", "d1");
    comes("ann", "online", b);
    get(b.choose("ann", Status.BUSY, null));
    comes("ann", "busy", b);
    get(a.choose("ann", Status.AWAY, null));
    comes("ann", "away", b);

    try (Jedis client = redis.connect()) {
      client.flushAll();
    }
    get(b.choose("ann", Status.DND, null)); // knows an older record than the other node

    comes("ann", "dnd", b);
    Await.until(
        "the device is back",
        () ->
            b.record("ann") != null
                && b.record("ann").devices().stream().anyMatch(d -> d.goneAt() == null));
    assertThat(b.status("ann")).isEqualTo("dnd");
    assertThat(b.heard.stream().map(Told::version)).isSorted();
  }

  @Test
  void whatLastsWaitsForRedisAndWhatIsAskedForDoesNot() throws Exception {
    StatusNode a = node();
    StatusNode b = node().watch("ann");
    a.connect("ann", "1.1", "d1");
    comes("ann", "online", b);
    redis.pause();

    a.connect("ann", "1.2", "d2");
    a.disconnect("ann", "1.1");
    CompletionStage<UserRecord> asked = a.choose("ann", Status.BUSY, null);

    assertThatThrownBy(() -> asked.toCompletableFuture().get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(UnavailableException.class);
    redis.resume();
    Await.until(
        "the changes are made",
        () ->
            b.record("ann") != null
                && b.record("ann").devices().stream()
                    .filter(d -> d.goneAt() == null)
                    .map(d -> d.socket().value())
                    .toList()
                    .equals(List.of("1.2")));
    assertThat(b.heard.stream().map(Told::status)).doesNotContain("offline");
  }
}
