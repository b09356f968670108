package dev.carillon.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.ClientEvent;
import dev.carillon.protocol.event.ClientEventDecoder;
import dev.carillon.protocol.event.Member;
import dev.carillon.protocol.event.MemberStatus;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.http.CacheInfo;
import dev.carillon.protocol.http.ChannelInfo;
import dev.carillon.protocol.http.HttpAnswers;
import dev.carillon.protocol.http.IdempotencyKey;
import dev.carillon.protocol.http.Info;
import dev.carillon.protocol.http.TriggerBatch;
import dev.carillon.protocol.http.TriggerLimits;
import dev.carillon.protocol.http.TriggerRequest;
import dev.carillon.protocol.http.XhrSend;
import dev.carillon.protocol.status.DeviceState;
import dev.carillon.protocol.status.Profile;
import dev.carillon.protocol.status.Status;
import dev.carillon.protocol.status.UserStatus;
import dev.carillon.protocol.webhook.WebhookEvent;
import dev.carillon.protocol.webhook.WebhookPayload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every documented frame and body, byte for byte. */
class WireTest {
  private static final String KEY = "278d425bdf160c739803";
  private static final ChannelName NEWS = ChannelName.of("news");
  private static final ChannelName ORDERS = ChannelName.of("private-orders");
  private static final ChannelName PRIVATE = ChannelName.of("private-foobar");
  private static final ChannelName PRESENCE = ChannelName.of("presence-foobar");
  private static final UserId TEN = new UserId("10", true);
  private static final Member MEMBER = new Member(TEN, raw("{\"name\":\"Mr. Channels\"}"));
  private static final RawJson TYPING = raw("{\"typing\":true}");
  private static final TriggerLimits LIMITS = new TriggerLimits(100, false);
  private static final String ORDER_SHIPPED = "App\\Events\\OrderShipped";

  @ParameterizedTest(name = "{0}")
  @MethodSource("clientEvents")
  void clientEventIsDecoded(String name, ClientEvent event) throws IOException {
    assertThat(new ClientEventDecoder().decode(WireFiles.bytes(name))).isEqualTo(event);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("serverEvents")
  void serverEventIsEncoded(String name, ServerEvent event) throws IOException {
    assertThat(event.toBytes()).asString(StandardCharsets.UTF_8).isEqualTo(WireFiles.text(name));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void requestIsRead(String name, List<TriggerRequest> events) throws IOException {
    byte[] body = WireFiles.bytes(name);

    assertThat(
            name.startsWith("batch")
                ? TriggerBatch.parse(body, LIMITS).events()
                : List.of(TriggerRequest.parse(body, LIMITS)))
        .isEqualTo(events);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void answerIsWritten(String name, byte[] answer) throws IOException {
    assertThat(answer).asString(StandardCharsets.UTF_8).isEqualTo(WireFiles.text(name));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("webhooks")
  void webhookIsWritten(String name, byte[] body) throws IOException {
    assertThat(body).asString(StandardCharsets.UTF_8).isEqualTo(WireFiles.text(name));
  }

  @Test
  void messagesOfAnXhrSendAreRead() throws IOException {
    List<byte[]> messages = XhrSend.read(WireFiles.bytes("xhr-send"), 100);

    assertThat(messages).hasSize(1);
    assertThat(messages.get(0)).isEqualTo(WireFiles.bytes("ping"));
  }

  @Test
  void everyFileIsTested() throws IOException {
    Set<String> tested = new TreeSet<>(Set.of("xhr-send"));
    Stream.of(clientEvents(), serverEvents(), requests(), answers(), webhooks())
        .flatMap(cases -> cases)
        .forEach(arguments -> tested.add((String) arguments.get()[0]));
    StatusWireTest.names().forEach(tested::add);

    assertThat(tested).containsExactlyInAnyOrderElementsOf(WireFiles.names());
  }

  /** How a member is who is in a call. */
  private static final UserStatus BUSY =
      new UserStatus(
          "10",
          Profile.UNKNOWN,
          Status.BUSY,
          "In a call",
          Instant.parse("2026-01-05T10:02:11Z"),
          Instant.parse("2026-01-05T10:02:11Z"),
          null,
          new TreeMap<>(Map.of("web", DeviceState.ACTIVE)),
          null,
          318);

  static Stream<Arguments> clientEvents() {
    return Stream.of(
        arguments("subscribe", new ClientEvent.Subscribe("news", null, null)),
        arguments(
            "subscribe-private",
            new ClientEvent.Subscribe(
                "private-foobar",
                KEY + ":58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4",
                null)),
        arguments(
            "subscribe-presence",
            new ClientEvent.Subscribe(
                "presence-foobar",
                KEY + ":31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80",
                "{\"user_id\":10,\"user_info\":{\"name\":\"Mr. Channels\"}}")),
        arguments(
            "signin",
            new ClientEvent.Signin(
                KEY + ":4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba",
                "{\"id\":\"12345\"}")),
        arguments("subscribe-user", new ClientEvent.Subscribe("#server-to-user-12345", "", null)),
        arguments("unsubscribe", new ClientEvent.Unsubscribe("news")),
        arguments(
            "client-message",
            new ClientEvent.ClientMessage("client-typing", "private-foobar", TYPING)),
        arguments("ping", new ClientEvent.Ping()),
        arguments("pong-from-client", new ClientEvent.Pong()));
  }

  static Stream<Arguments> serverEvents() {
    return Stream.of(
        arguments(
            "connection-established",
            new ServerEvent.ConnectionEstablished(new SocketId("123.456"), 30)),
        arguments("pong", new ServerEvent.Pong()),
        arguments("error", new ServerEvent.Failure(null, "Invalid message format")),
        arguments(
            "error-with-code",
            ServerEvent.Failure.of(
                ProtocolException.clientEventRefused(
                    "The app does not have client messaging enabled."))),
        arguments("subscription-succeeded", new ServerEvent.SubscriptionSucceeded(NEWS)),
        arguments(
            "subscription-succeeded-presence",
            new ServerEvent.PresenceSucceeded(
                PRESENCE, List.of(MEMBER, new Member(new UserId("11", false), null)))),
        arguments(
            "subscription-error",
            new ServerEvent.SubscriptionError(
                "private-foobar",
                ProtocolException.Kind.AUTH.type(),
                "Auth info required to subscribe to private-foobar",
                ProtocolException.Kind.AUTH.status())),
        arguments("cache-miss", new ServerEvent.CacheMiss(ChannelName.of("cache-news"))),
        arguments("subscription-count", new ServerEvent.SubscriptionCount(NEWS, 3)),
        arguments("signin-success", new ServerEvent.SigninSucceeded("{\"id\":\"12345\"}")),
        arguments(
            "watchlist-events",
            new ServerEvent.WatchlistEvents(
                List.of(new UserId("a", false)),
                List.of(new UserId("b", false), new UserId("c", false)))),
        arguments(
            "watchlist-events-change",
            ServerEvent.WatchlistEvents.change(new UserId("c", false), true)),
        arguments("member-added", new ServerEvent.MemberAdded(PRESENCE, MEMBER)),
        arguments(
            "member-added-status",
            new ServerEvent.MemberAdded(PRESENCE, MEMBER.with(MemberStatus.of(BUSY)))),
        arguments("member-removed", new ServerEvent.MemberRemoved(PRESENCE, TEN)),
        arguments(
            "channel-message",
            new ServerEvent.ChannelMessage(ORDERS, ORDER_SHIPPED, RawJson.string("{\"id\":1}"))),
        arguments(
            "client-message",
            new ServerEvent.ClientMessage(PRIVATE, "client-typing", TYPING, null)),
        arguments(
            "client-message-presence",
            new ServerEvent.ClientMessage(PRESENCE, "client-typing", TYPING, TEN)));
  }

  static Stream<Arguments> requests() {
    return Stream.of(
        arguments(
            "trigger-request",
            List.of(
                new TriggerRequest(
                    ORDER_SHIPPED,
                    RawJson.string("{\"id\":1}"),
                    List.of(ORDERS),
                    new SocketId("123.456"),
                    Set.of(Info.SUBSCRIPTION_COUNT),
                    false,
                    null))),
        arguments(
            "trigger-request-once",
            List.of(
                new TriggerRequest(
                    "order.paid",
                    RawJson.string("{\"id\":1}"),
                    List.of(NEWS),
                    null,
                    Set.of(),
                    false,
                    new IdempotencyKey("order-1-paid")))),
        arguments(
            "trigger-request-urgent",
            List.of(
                new TriggerRequest(
                    "notification.fire",
                    RawJson.string("{\"floor\":3}"),
                    List.of(ChannelName.of("private-App.Models.User.42")),
                    null,
                    Set.of(Info.SUPPRESSED),
                    true,
                    null))),
        arguments(
            "batch-request",
            List.of(
                new TriggerRequest(
                    "a", RawJson.string("1"), List.of(NEWS), null, Set.of(), false, null),
                new TriggerRequest(
                    "b",
                    RawJson.string("2"),
                    List.of(PRESENCE),
                    null,
                    Set.of(Info.USER_COUNT),
                    false,
                    null))));
  }

  static Stream<Arguments> answers() {
    ChannelInfo twoUsers = new ChannelInfo(null, 2, null, null);
    Map<ChannelName, ChannelInfo> channels = new LinkedHashMap<>();
    channels.put(PRESENCE, twoUsers);
    channels.put(NEWS, ChannelInfo.NONE);
    return Stream.of(
        arguments("empty-answer", HttpAnswers.empty()),
        arguments("channels-answer", HttpAnswers.channels(channels)),
        arguments("batch-answer", HttpAnswers.batch(List.of(ChannelInfo.NONE, twoUsers))),
        arguments(
            "suppressed-answer",
            HttpAnswers.channels(
                Map.of(
                    ChannelName.of("private-App.Models.User.42"),
                    ChannelInfo.NONE.withSuppressed(false)))),
        arguments("channel-answer", new ChannelInfo(true, 2, 3, null).toBytes()),
        arguments(
            "cache-answer",
            new ChannelInfo(true, null, null, new CacheInfo(RawJson.string("{\"id\":1}"), 1800))
                .toBytes()),
        arguments(
            "cache-empty-answer", new ChannelInfo(false, null, null, CacheInfo.EMPTY).toBytes()),
        arguments("users-answer", HttpAnswers.users(List.of(TEN, new UserId("11", false)))),
        arguments("connections-answer", HttpAnswers.connections(3)));
  }

  static Stream<Arguments> webhooks() {
    ChannelName channel = ChannelName.of("my-channel");
    SocketId socket = new SocketId("123.456");
    return Stream.of(
        arguments("webhook-channel-occupied", webhook(new WebhookEvent.ChannelOccupied(channel))),
        arguments("webhook-channel-vacated", webhook(new WebhookEvent.ChannelVacated(channel))),
        arguments(
            "webhook-members",
            webhook(
                new WebhookEvent.MemberAdded(PRESENCE, TEN),
                new WebhookEvent.MemberRemoved(PRESENCE, TEN))),
        arguments(
            "webhook-client-event",
            webhook(
                new WebhookEvent.ClientMessage(PRIVATE, "client-typing", TYPING, socket, null))),
        arguments(
            "webhook-client-event-presence",
            webhook(
                new WebhookEvent.ClientMessage(PRESENCE, "client-typing", TYPING, socket, TEN))),
        arguments(
            "webhook-cache-miss",
            webhook(new WebhookEvent.CacheMiss(ChannelName.of("cache-prices")))),
        arguments(
            "webhook-subscription-count", webhook(new WebhookEvent.SubscriptionCount(channel, 3))));
  }

  private static byte[] webhook(WebhookEvent... events) {
    return WebhookPayload.of(
        Instant.ofEpochMilli(1327078148132L),
        Arrays.stream(events).map(WebhookEvent::toBytes).toList());
  }

  private static RawJson raw(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return RawJson.slice(bytes, 0, bytes.length);
  }
}
