package dev.carillon.server.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.http.IdempotencyKey;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.cache.CachedEvent;
import dev.carillon.server.config.RedisConfig;
import dev.carillon.server.directory.Directory;
import dev.carillon.server.idempotency.RequestName;
import dev.carillon.server.support.Await;
import dev.carillon.server.support.redis.RedisCertificates;
import dev.carillon.server.support.redis.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ClientKillParams;

/** How Redis lets a node in, and what operators are told when it does not. */
@Timeout(60)
class RedisAccessTest {
  private static final Topic ROOM = new Topic("3", ChannelName.of("presence-a"));
  private static final String USER = "carillon";
  private static final String PASSWORD = "the-password";

  /** As docs/OPERATIONS.md has it. */
  private static final String RIGHTS = DocumentedRights.ofServer();

  private final Logger log = (Logger) LoggerFactory.getLogger("dev.carillon.server.redis");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    log.addAppender(lines);
  }

  @AfterEach
  void detach() {
    log.detachAppender(lines);
  }

  private static RedisConfig.Builder config(RedisServer redis) {
    return RunningNode.at(new RedisConfig.Standalone(redis.host(), redis.port(), 0)).toBuilder();
  }

  private static RedisServer withUser(String rights) {
    return RedisServer.builder().user(USER, PASSWORD, rights).start();
  }

  private static RedisConfig asUser(RedisServer redis, String password) {
    return config(redis).user(USER).password(password).build();
  }

  private static void settled(String what, BooleanSupplier condition) {
    Await.until(what, Duration.ofSeconds(20), Duration.ofMillis(50), condition);
  }

  /** Uses all that a node has in Redis. */
  static void serves(RunningNode node) throws InterruptedException {
    settled("it is connected", node.node::available);
    node.subscribe(ROOM);
    node.join(ROOM, "1.1", "7");
    node.occupancy.entered(ROOM);
    settled("it is occupied", () -> node.occupied.contains("+ presence-a"));
    node.publish(ROOM, "{}");
    node.awaitMessage("presence-a {}");
    RunningNode.get(node.directory.channels("3", "presence-", true));
    RunningNode.get(node.occupancy.subscriptions(ROOM));
    RunningNode.get(node.directory.of(List.of(new Directory.Question(ROOM, true, true))));
    Topic user = new Topic("3", ChannelName.ofUser("7"), Topic.Kind.STATUS);
    RunningNode.get(node.users.signedIn(user, new SocketId("1.1")));
    RunningNode.get(node.users.statuses(List.of(user)));
    RunningNode.get(node.statuses.change(user, RunningNode.NOTHING, true));
    RunningNode.get(node.statuses.read(List.of(user)));
    RunningNode.get(node.quota.enter("3", 10));
    RunningNode.get(node.quota.count("3"));
    CachedEvent event =
        CachedEvent.of(new ServerEvent.ChannelMessage(ROOM.channel(), "e", RawJson.string("x")));
    RunningNode.get(node.cache.missed(ROOM));
    RunningNode.get(node.cache.publish(ROOM, event, Duration.ofSeconds(60), null));
    RunningNode.get(node.cache.last(ROOM));
    RequestName request = new RequestName("3", "events", new IdempotencyKey("k"));
    RunningNode.get(
        node.node
            .idempotency()
            .once(request, "print", () -> CompletableFuture.completedStage(new byte[0])));
    RunningNode.get(
        node.node
            .idempotency()
            .once(
                new RequestName("3", "events", new IdempotencyKey("fails")),
                "print",
                () -> CompletableFuture.failedStage(new UnavailableException("Away")))
            .exceptionally(failed -> null));
    assertThat(node.members(ROOM)).isEqualTo("[7]");
  }

  private List<String> warnings(String begin) {
    return List.copyOf(lines.list).stream()
        .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
        .filter(line -> line.getThrowableProxy() == null)
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.startsWith(begin))
        .toList();
  }

  /** It names the reason, once, without a stack trace and without the password. */
  private void toldOnce(String reason) {
    settled("it is told", () -> !warnings("Redis lost").isEmpty());
    assertThat(warnings("Redis lost")).singleElement().asString().contains(reason);
    assertThat(warnings("Redis subscriptions")).hasSizeLessThanOrEqualTo(1);
    assertThat(List.copyOf(lines.list))
        .allMatch(line -> line.getThrowableProxy() == null)
        .noneMatch(line -> line.getFormattedMessage().contains(PASSWORD));
  }

  @Test
  void theRightsOfTheDocumentAreEnough() throws Exception {
    try (RedisServer redis = withUser(RIGHTS);
        Jedis admin = redis.admin();
        RunningNode one = new RunningNode(asUser(redis, PASSWORD))) {
      serves(one);
      try (RunningNode two = new RunningNode(asUser(redis, PASSWORD))) {
        two.subscribe(ROOM);
        two.join(ROOM, "2.2", "8");
      }
      settled("the other is evicted", () -> one.members(ROOM).equals("[7]"));
      one.presence.leave(ROOM, new SocketId("1.1"), new UserId("7", false));
      one.occupancy.left(ROOM);
      settled("it is vacated", () -> one.occupied.contains("- presence-a"));
      one.broker.unsubscribe(ROOM);
      settled("nobody is subscribed", () -> admin.pubsubChannels().isEmpty());

      assertThat(admin.aclLog()).isEmpty();
    }
    assertThat(warnings("")).isEmpty();
  }

  @Test
  void aWrongPasswordIsToldAndTriedAgain() throws Exception {
    try (RedisServer redis = withUser(RIGHTS);
        RunningNode node = new RunningNode(asUser(redis, "another-password"));
        Jedis admin = redis.admin()) {
      toldOnce("WRONGPASS");
      assertThat(node.node.available()).isFalse();

      admin.aclSetUser(USER, ">another-password");

      serves(node);
      assertThat(warnings("Redis lost")).hasSize(1).noneMatch(line -> line.contains("another-p"));
    }
  }

  @Test
  void aMissingPasswordIsTold() {
    try (RedisServer redis = RedisServer.builder().password(PASSWORD).start();
        RunningNode node = new RunningNode(config(redis).build())) {
      toldOnce("NOAUTH");
      assertThat(node.node.available()).isFalse();
    }
  }

  @Test
  void aPasswordThatIsChangedLaterIsTold() throws Exception {
    try (RedisServer redis = withUser(RIGHTS);
        RunningNode node = new RunningNode(asUser(redis, PASSWORD));
        Jedis admin = redis.admin()) {
      serves(node);
      admin.aclSetUser(USER, "resetpass", ">another");
      admin.clientKill(ClientKillParams.clientKillParams().user(USER));

      settled("it is told", () -> !warnings("Redis lost").isEmpty());
      settled("it is away", () -> !node.node.available());

      admin.aclSetUser(USER, ">" + PASSWORD);
      settled("it is back", node.node::available);
      assertThat(warnings("Redis lost")).hasSize(1);
    }
  }

  @Test
  void theDocumentNamesTheRightsThatAreChecked() {
    assertThat(RIGHTS.split(" "))
        .contains(Rights.COMMANDS.stream().map(name -> "+" + name).toArray(String[]::new))
        .contains(
            Rights.names(PubSub.PLAIN).stream().map(name -> "+" + name).toArray(String[]::new));
  }

  @Test
  void missingRightsAreToldAndTriedAgain() throws Exception {
    try (RedisServer redis = withUser(RIGHTS + " -publish -hincrby -srem");
        RunningNode node = new RunningNode(asUser(redis, PASSWORD));
        Jedis admin = redis.admin()) {
      toldOnce("+publish +hincrby +srem");
      assertThat(node.node.available()).isFalse();

      admin.aclSetUser(USER, "+publish", "+hincrby", "+srem");

      serves(node);
    }
  }

  @Test
  void keysThatMayNotBeTouchedAreTold() {
    try (RedisServer redis = withUser(RIGHTS.replace("~carillon:", "~other:"));
        RunningNode node = new RunningNode(asUser(redis, PASSWORD))) {
      toldOnce("permissions to access");
      assertThat(node.node.available()).isFalse();
    }
  }

  @Test
  void channelsThatMayNotBeSubscribedAreTold() {
    try (RedisServer redis = withUser(RIGHTS.replace("&carillon:", "&other:"));
        RunningNode node = new RunningNode(asUser(redis, PASSWORD))) {
      toldOnce("+publish +subscribe");
      assertThat(node.node.available()).isFalse();
    }
  }

  @Test
  void aRightThatIsTakenLaterIsTold() throws Exception {
    try (RedisServer redis = withUser(RIGHTS);
        RunningNode node = new RunningNode(asUser(redis, PASSWORD));
        Jedis admin = redis.admin()) {
      serves(node);
      admin.aclSetUser(USER, "-publish", "-subscribe");
      node.broker.publish(ROOM, Envelope.of(new byte[] {'{', '}'}, null));
      toldOnce("NOPERM");
      node.broker.subscribe(new Topic("3", ChannelName.of("b")));
      settled("it is told", () -> !warnings("Redis subscriptions refused").isEmpty());
      assertThat(node.node.available()).isFalse();

      admin.aclSetUser(USER, "+publish", "+subscribe");

      settled("it is back", node.node::available);
    }
  }

  @Test
  void eachRefusalOfSubscriptionsIsToldOnceAndSoIsItsEnd() throws Exception {
    try (RedisServer redis = withUser(RIGHTS);
        RunningNode node = new RunningNode(asUser(redis, PASSWORD));
        Jedis admin = redis.admin()) {
      settled("it is connected", node.node::available);
      for (int time = 1; time <= 3; time++) {
        int told = time;
        admin.aclSetUser(USER, "-subscribe");
        node.broker.subscribe(room("one" + time));
        settled("a refusal is told", () -> refusals().size() == told);
        node.broker.subscribe(room("another" + time));
        settled("it is asked again and again", () -> admin.aclLog().get(0).getCount() > 2 * told);
        assertThat(node.node.available()).isFalse();

        admin.aclSetUser(USER, "+subscribe");

        settled("its end is told", () -> returns().size() == told);
        settled("it is back", node.node::available);
      }
      assertThat(refusals()).hasSize(3).allMatch(line -> line.contains("NOPERM"));
      assertThat(returns()).hasSize(3);
    }
  }

  @Test
  void eachLossOfSubscriptionsIsToldThoughNothingWasSubscribed() throws Exception {
    try (RedisServer redis = withUser(RIGHTS);
        RunningNode node = new RunningNode(asUser(redis, PASSWORD));
        Jedis admin = redis.admin()) {
      for (int time = 1; time <= 2; time++) {
        int told = time;
        settled("it is connected", node.node::available);
        admin.clientKill(ClientKillParams.clientKillParams().user(USER));

        settled("it is told", () -> warnings("Redis subscriptions lost").size() == told);
        settled("its end is told", () -> returns().size() == told);
      }
    }
  }

  private static Topic room(String name) {
    return new Topic("3", ChannelName.of(name));
  }

  private List<String> refusals() {
    return warnings("Redis subscriptions refused");
  }

  private List<String> returns() {
    return List.copyOf(lines.list).stream()
        .filter(line -> line.getLevel() == Level.INFO)
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.startsWith("Redis subscribed again"))
        .toList();
  }

  @Test
  void tlsTrustsTheConfiguredAuthorityAndNoOther(@TempDir Path mine, @TempDir Path others)
      throws Exception {
    RedisCertificates certificates = RedisCertificates.in(mine);
    RedisCertificates strange = RedisCertificates.in(others);
    try (RedisServer redis = RedisServer.builder().tls(certificates).password(PASSWORD).start()) {
      RedisConfig.Builder config = config(redis).tls(true).password(PASSWORD);
      try (RunningNode node = new RunningNode(config.ca(certificates.authority()).build())) {
        serves(node);
      }
      assertThat(warnings("")).isEmpty();
      try (RunningNode node = new RunningNode(config.ca(strange.authority()).build())) {
        toldOnce("TLS: ");
        assertThat(node.node.available()).isFalse();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "false, cannot be read: no such file or folder",
    "true, holds no certificate",
  })
  void anAuthorityThatComesLaterIsTrusted(boolean empty, String reason, @TempDir Path folder)
      throws Exception {
    RedisCertificates certificates = RedisCertificates.in(folder);
    Path later = folder.resolve("later.pem");
    if (empty) {
      Files.createFile(later);
    }
    try (RedisServer redis = RedisServer.builder().tls(certificates).password(PASSWORD).start();
        RunningNode node =
            new RunningNode(config(redis).tls(true).password(PASSWORD).ca(later).build())) {
      toldOnce("scaling.redis.ca: " + later + " " + reason);
      assertThat(node.node.available()).isFalse();

      Files.copy(certificates.authority(), later, StandardCopyOption.REPLACE_EXISTING);

      serves(node);
      assertThat(warnings("Redis lost")).hasSize(1);
    }
  }
}
