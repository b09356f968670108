package dev.carillon.server.held;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.LocalBroker;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.cache.CachedEvent;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.metrics.Metrics;
import dev.carillon.server.support.Published;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What all held events do. */
abstract class HeldEventsContract {
  static final Topic OWN = topic("3", "private-App.Models.User.1");

  private static final Topic TO_USER = Topic.ofUser("3", new UserId("1", false));
  private static final Topic OTHER = topic("3", "private-App.Models.User.2");
  private static final Topic OTHER_APP = topic("4", "private-App.Models.User.1");
  private static final Topic CACHE = topic("3", "private-cache-user-1");
  private static final Duration TTL = Duration.ofSeconds(60);

  final Metrics metrics = new Metrics();
  private final Published published = new Published();
  HeldEvents held;
  ChannelCache cache;

  /** The broker by which they are published. */
  Broker broker(Broker.Listener listener) {
    return new LocalBroker(listener);
  }

  /** Makes both: nothing is kept yet. */
  abstract void open(Broker broker);

  /** Lets that time go by. */
  abstract void pass(Duration time);

  @BeforeEach
  void open() throws Exception {
    Broker broker = broker(published);
    open(broker);
    published.watch(broker, OWN, TO_USER, OTHER, OTHER_APP, CACHE);
  }

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void anEventIsPublishedIfNoneWaits() throws Exception {
    assertThat(publish(OWN, "a")).isTrue();

    assertThat(waits(OWN)).isFalse();
    assertThat(data()).containsExactly("a");
    assertThat(published.envelopes().get(0).kind()).isEqualTo(Envelope.Kind.MESSAGE);
    assertThat(published.texts().get(0))
        .isEqualTo("{\"event\":\"e\",\"channel\":\"private-App.Models.User.1\",\"data\":\"a\"}");
  }

  @Test
  void whatIsHeldIsPublishedInItsOrderWhenItIsReleased() throws Exception {
    hold(OWN, "a", "b", "c");
    assertThat(waits(OWN)).isTrue();
    assertThat(data()).isEmpty();

    release(OWN);

    assertThat(data()).containsExactly("a", "b", "c");
    assertThat(waits(OWN)).isFalse();
    assertThat(metrics.scrape()).contains("carillon_held_released_total 3.0");
  }

  @Test
  void aSecondReleasePublishesNothingMore() throws Exception {
    hold(OWN, "a");

    release(OWN);
    release(OWN);

    assertThat(data()).containsExactly("a");
  }

  @Test
  void whatIsPublishedWhileOthersWaitWaitsBehindThem() throws Exception {
    hold(OWN, "a");

    assertThat(publish(OWN, "b")).isFalse();
    assertThat(data()).isEmpty();
    release(OWN);
    assertThat(publish(OWN, "c")).isTrue();

    assertThat(data()).containsExactly("a", "b", "c");
  }

  @Test
  void eachChannelOfEachAppHasItsOwn() throws Exception {
    hold(OWN, "own");
    hold(OTHER, "other");
    hold(OTHER_APP, "of the other app");

    release(OTHER);

    assertThat(data()).containsExactly("other");
    assertThat(waits(OWN)).isTrue();
    assertThat(waits(OTHER_APP)).isTrue();
  }

  @Test
  void whoIsLeftOutStaysLeftOut() throws Exception {
    SocketId socket = new SocketId("12.34");
    now(held.hold(inbox(OWN), new HeldEvents.Event(OWN, content(OWN, "a"), socket, Duration.ZERO)));
    release(OWN);
    now(
        held.publish(
            inbox(OWN), new HeldEvents.Event(OWN, content(OWN, "b"), socket, Duration.ZERO)));

    assertThat(published.envelopes()).extracting(Envelope::except).containsExactly(socket, socket);
  }

  @Test
  void beyondAHundredTheOldestGoes() throws Exception {
    for (int i = 1; i <= 103; i++) {
      hold(OWN, "" + i);
    }

    release(OWN);

    assertThat(data())
        .isEqualTo(IntStream.rangeClosed(4, 103).mapToObj(Integer::toString).toList());
    assertThat(metrics.scrape()).contains("carillon_held_lost_total{limit=\"user\"} 3.0");
  }

  @Test
  void whatWaitsBehindOthersCountsToo() throws Exception {
    for (int i = 1; i <= 100; i++) {
      hold(OWN, "" + i);
    }
    publish(OWN, "101");

    release(OWN);

    assertThat(data()).hasSize(100).startsWith("2").endsWith("101");
    assertThat(metrics.scrape()).contains("carillon_held_lost_total{limit=\"user\"} 1.0");
  }

  @Test
  void theChannelsOfAUserShareTheHundred() throws Exception {
    for (int i = 1; i <= 60; i++) {
      hold(OWN, "own " + i);
      hold(TO_USER, "user " + i);
    }
    hold(OTHER, "another user's");

    release(OWN, TO_USER);

    assertThat(data()).hasSize(100).startsWith("own 11", "user 11").endsWith("own 60", "user 60");
    assertThat(waits(OTHER)).isTrue();
    assertThat(metrics.scrape()).contains("carillon_held_lost_total{limit=\"user\"} 20.0");
  }

  @Test
  void whatIsReleasedOfSeveralChannelsComesInOneOrder() throws Exception {
    hold(TO_USER, "a");
    hold(OWN, "b", "c");
    hold(TO_USER, "d");

    release(OWN, TO_USER);

    assertThat(data()).containsExactly("a", "b", "c", "d");
    assertThat(published.all().stream().map(Published.One::topic))
        .containsExactly(TO_USER, OWN, OWN, TO_USER);
    assertThat(waits(OWN)).isFalse();
    assertThat(waits(TO_USER)).isFalse();
  }

  @Test
  void whatIsReleasedOfOneChannelLeavesTheOthers() throws Exception {
    hold(TO_USER, "a");
    hold(OWN, "b");
    hold(TO_USER, "c");

    release(OWN);

    assertThat(data()).containsExactly("b");
    assertThat(waits(OWN)).isFalse();
    assertThat(publish(OWN, "d")).isTrue();
    assertThat(publish(TO_USER, "e")).isFalse();
    release(TO_USER);
    assertThat(data()).containsExactly("b", "d", "a", "c", "e");
  }

  /** It may wait for another reason than what has waited then. */
  @Test
  void whatHasComeSinceTheMarkGoesOnWaiting() throws Exception {
    hold(OWN, "a");
    hold(TO_USER, "b");
    long mark = now(held.waiting(inbox(OWN), Set.of(OWN, TO_USER)));
    hold(TO_USER, "c");
    hold(OWN, "d");

    now(held.release(inbox(OWN), Set.of(OWN, TO_USER), mark));

    assertThat(data()).containsExactly("a", "b");
    assertThat(waits(OWN)).isTrue();
    now(held.release(inbox(OWN), Set.of(OWN, TO_USER), mark));
    assertThat(data()).hasSize(2);
    release(OWN, TO_USER);
    assertThat(data()).containsExactly("a", "b", "c", "d");
  }

  @Test
  void anEventWaitsForADay() throws Exception {
    hold(OWN, "a");
    pass(Duration.ofHours(24).minusSeconds(60));
    hold(OWN, "b");
    release(OWN);
    assertThat(data()).containsExactly("a", "b");

    hold(OWN, "c");
    pass(Duration.ofHours(24));

    assertThat(publish(OWN, "d")).isTrue();
    assertThat(data()).containsExactly("a", "b", "d");
  }

  @Test
  void eachEventHasItsOwnDay() throws Exception {
    hold(OWN, "a");
    pass(Duration.ofHours(23));
    hold(OWN, "b");
    pass(Duration.ofHours(2));

    release(OWN);

    assertThat(data()).containsExactly("b");
  }

  @Test
  void aCacheChannelKeepsWhatIsPublishedAndNotWhatIsHeld() throws Exception {
    now(held.hold(inbox(CACHE), new HeldEvents.Event(CACHE, content(CACHE, "ü"), null, TTL)));
    assertThat(now(cache.last(CACHE)).event()).isNull();
    now(cache.missed(CACHE));

    release(CACHE);

    ChannelCache.Last last = now(cache.last(CACHE));
    assertThat(last.event()).isNotNull();
    assertThat(last.event().data()).isEqualTo(RawJson.string("ü"));
    assertThat(last.ttl()).isPositive().isLessThanOrEqualTo(TTL);
    assertThat(published.envelopes().get(0).kind()).isEqualTo(Envelope.Kind.CACHED);
    assertThat(published.envelopes().get(0).message()).isEqualTo(last.event().message());
    assertThat(published.envelopes().get(0).sequence()).isEqualTo(last.sequence()).isPositive();
    assertThat(now(cache.missed(CACHE))).isTrue();
  }

  @Test
  void aCacheChannelKeepsTheLastOfThoseThatAreReleased() throws Exception {
    now(cache.publish(CACHE, content(CACHE, "before"), TTL, null));
    now(held.hold(inbox(CACHE), new HeldEvents.Event(CACHE, content(CACHE, "a"), null, TTL)));
    now(held.hold(inbox(CACHE), new HeldEvents.Event(CACHE, content(CACHE, "b"), null, TTL)));
    release(CACHE);
    assertThat(text(now(cache.last(CACHE)).event())).contains("\"b\"");

    now(held.publish(inbox(CACHE), new HeldEvents.Event(CACHE, content(CACHE, "c"), null, TTL)));

    assertThat(text(now(cache.last(CACHE)).event())).contains("\"c\"");
    assertThat(published.envelopes().stream().map(Envelope::sequence))
        .hasSize(4)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  /** Each event once, and those of one publisher in their order, whoever releases when. */
  @Test
  void noneIsLostOrTwiceWhereManyHoldPublishAndRelease() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    List<CompletableFuture<Void>> releasing =
        IntStream.range(0, 2)
            .mapToObj(i -> CompletableFuture.runAsync(() -> release(over)))
            .toList();
    CompletableFuture.allOf(
            CompletableFuture.runAsync(() -> many("a")),
            CompletableFuture.runAsync(() -> many("b")),
            CompletableFuture.runAsync(() -> many("c")))
        .get(60, TimeUnit.SECONDS);
    over.set(true);
    for (CompletableFuture<Void> each : releasing) {
      each.get(10, TimeUnit.SECONDS);
    }
    release(OWN);

    List<String> data = data();
    for (String name : List.of("a", "b", "c")) {
      assertThat(data.stream().filter(each -> each.startsWith(name)))
          .isEqualTo(IntStream.range(0, 300).mapToObj(i -> name + i).toList());
    }
    assertThat(metrics.scrape()).contains("carillon_held_lost_total{limit=\"user\"} 0.0");
  }

  private void many(String name) {
    for (int i = 0; i < 300; i++) {
      HeldEvents.Event event = event(OWN, name + i);
      if (i % 3 == 0) {
        held.publish(inbox(OWN), event).toCompletableFuture().join();
      } else {
        held.hold(inbox(OWN), event).toCompletableFuture().join();
      }
      if (i % 20 == 0) {
        releaseAll(); // so that never a hundred wait
      }
    }
  }

  private void release(AtomicBoolean over) {
    while (!over.get()) {
      releaseAll();
    }
  }

  private void releaseAll() {
    held.waiting(inbox(OWN), Set.of(OWN))
        .thenCompose(mark -> held.release(inbox(OWN), Set.of(OWN), mark))
        .toCompletableFuture()
        .join();
  }

  /** Those of the user whose it is. */
  static Inbox inbox(Topic topic) {
    return new Inbox(
        topic.equals(OWN) || topic.equals(TO_USER) ? List.of(OWN, TO_USER) : List.of(topic));
  }

  /** Releases all that waits of those channels of a user. */
  final void release(Topic... topics) throws Exception {
    Set<Topic> all = new LinkedHashSet<>(List.of(topics));
    now(held.release(inbox(topics[0]), all, now(held.waiting(inbox(topics[0]), all))));
  }

  final boolean waits(Topic topic) throws Exception {
    return now(held.waiting(inbox(topic), Set.of(topic))) > 0;
  }

  final void hold(Topic topic, String... data) throws Exception {
    for (String each : data) {
      now(held.hold(inbox(topic), event(topic, each)));
    }
  }

  final boolean publish(Topic topic, String data) throws Exception {
    return now(held.publish(inbox(topic), event(topic, data)));
  }

  /** The data of what was published. */
  final List<String> data() throws Exception {
    List<String> data = new ArrayList<>();
    for (String text : published.texts()) {
      int begin = text.indexOf("\"data\":\"") + 8;
      data.add(text.substring(begin, text.length() - 2));
    }
    return data;
  }

  static HeldEvents.Event event(Topic topic, String data) {
    return new HeldEvents.Event(topic, content(topic, data), null, Duration.ZERO);
  }

  private static CachedEvent content(Topic topic, String data) {
    return CachedEvent.of(
        new ServerEvent.ChannelMessage(topic.channel(), "e", RawJson.string(data)));
  }

  private static String text(CachedEvent event) {
    return new String(event.message(), StandardCharsets.UTF_8);
  }

  static Topic topic(String app, String channel) {
    return new Topic(app, ChannelName.of(channel));
  }

  static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
