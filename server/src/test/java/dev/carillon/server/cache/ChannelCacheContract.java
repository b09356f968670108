package dev.carillon.server.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.LocalBroker;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.support.Published;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every channel cache does. */
abstract class ChannelCacheContract {
  static final Topic NEWS = topic("3", "cache-news");
  static final Duration TTL = Duration.ofSeconds(60);

  private static final Topic OTHER_APP = topic("4", "cache-news");

  private final Published published = new Published();
  ChannelCache cache;

  /** The broker by which it publishes. */
  Broker broker(Broker.Listener listener) {
    return new LocalBroker(listener);
  }

  /** One that keeps nothing yet, and publishes by that broker. */
  abstract ChannelCache cache(Broker broker);

  /** Lets that time go by. */
  abstract void pass(Duration time);

  @BeforeEach
  void open() throws Exception {
    Broker broker = broker(published);
    cache = cache(broker);
    published.watch(broker, NEWS, OTHER_APP);
  }

  @Test
  void aChannelThatHadNoEventKeepsNone() throws Exception {
    ChannelCache.Last last = now(cache.last(NEWS));

    assertThat(last.event()).isNull();
    assertThat(last.sequence()).isZero();
  }

  @Test
  void anEventIsKeptAsItIsPublished() throws Exception {
    publish(NEWS, "ü");

    ChannelCache.Last last = now(cache.last(NEWS));
    CachedEvent kept = last.event();
    assertThat(kept).isNotNull();
    assertThat(kept.message()).isEqualTo(published().get(0).message());
    assertThat(text(kept)).isEqualTo("{\"event\":\"e\",\"channel\":\"cache-news\",\"data\":\"ü\"}");
    assertThat(kept.data()).isEqualTo(RawJson.string("ü"));
    assertThat(published().get(0).kind()).isEqualTo(Envelope.Kind.CACHED);
    assertThat(published().get(0).sequence()).isEqualTo(last.sequence()).isPositive();
  }

  @Test
  void theLastEventTakesThePlaceOfTheOneBefore() throws Exception {
    publish(NEWS, "1");
    publish(NEWS, "2");

    assertThat(kept(NEWS)).contains("\"2\"");
    assertThat(published().stream().map(Envelope::sequence)).isSorted().doesNotHaveDuplicates();
    assertThat(now(cache.last(NEWS)).sequence()).isEqualTo(published().get(1).sequence());
  }

  @Test
  void whoIsLeftOutOfAnEventIsLeftOutOfItsPublicationOnly() throws Exception {
    SocketId socket = new SocketId("1.2");
    now(cache.publish(NEWS, event("x"), TTL, socket));

    assertThat(published().get(0).except()).isEqualTo(socket);
    assertThat(kept(NEWS)).contains("\"x\"");
  }

  @Test
  void anEventIsGoneWhenItsTimeIsOver() throws Exception {
    publish(NEWS, "x");
    pass(TTL.minusSeconds(1));
    assertThat(now(cache.last(NEWS)).ttl()).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(1));

    pass(Duration.ofSeconds(1));

    assertThat(now(cache.last(NEWS))).isEqualTo(ChannelCache.Last.NONE);
  }

  @Test
  void eachEventHasItsOwnTime() throws Exception {
    publish(NEWS, "1");
    pass(TTL.minusSeconds(1));
    publish(NEWS, "2");
    pass(TTL.minusSeconds(1));

    assertThat(kept(NEWS)).contains("\"2\"");
  }

  @Test
  void sequencesGoOnAfterAnEventHasExpired() throws Exception {
    publish(NEWS, "1");
    pass(TTL);
    publish(NEWS, "2");

    assertThat(published().get(1).sequence()).isGreaterThan(published().get(0).sequence());
  }

  @Test
  void channelsOfOtherAppsAreOthers() throws Exception {
    publish(NEWS, "mine");
    publish(OTHER_APP, "other");

    assertThat(kept(NEWS)).contains("mine");
    assertThat(kept(OTHER_APP)).contains("other");
  }

  @Test
  void missesAtTheSameMomentAreNewsOnce() throws Exception {
    List<CompletableFuture<Boolean>> misses =
        IntStream.range(0, 10)
            .mapToObj(
                i -> CompletableFuture.supplyAsync(() -> cache.missed(NEWS)).thenCompose(m -> m))
            .toList();
    CompletableFuture.allOf(misses.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);

    assertThat(misses.stream().filter(CompletableFuture::join)).hasSize(1);
    assertThat(now(cache.missed(OTHER_APP))).isTrue();
  }

  @Test
  void aMissIsNewsAgainSomeSecondsLater() throws Exception {
    assertThat(now(cache.missed(NEWS))).isTrue();
    assertThat(now(cache.missed(NEWS))).isFalse();

    pass(Duration.ofSeconds(10));

    assertThat(now(cache.missed(NEWS))).isTrue();
  }

  @Test
  void aMissIsNewsAgainAfterAnEvent() throws Exception {
    assertThat(now(cache.missed(NEWS))).isTrue();

    now(cache.publish(NEWS, event("x"), Duration.ofMillis(1), null));
    pass(Duration.ofMillis(1));

    assertThat(now(cache.missed(NEWS))).isTrue();
  }

  @Test
  void readingIsNoMiss() throws Exception {
    now(cache.last(NEWS));

    assertThat(now(cache.missed(NEWS))).isTrue();
  }

  /** What was published before is kept at least; what is kept last is what was published last. */
  @Test
  void publishersAtTheSameMomentAreKeptInTheOrderOfTheirPublication() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> read(over));
    CompletableFuture.allOf(
            CompletableFuture.runAsync(() -> publishMany("a")),
            CompletableFuture.runAsync(() -> publishMany("b")),
            CompletableFuture.runAsync(() -> publishMany("c")))
        .get(30, TimeUnit.SECONDS);
    over.set(true);
    reading.get(30, TimeUnit.SECONDS);

    assertThat(published()).hasSize(1500);
    assertThat(published().stream().map(Envelope::sequence)).isSorted().doesNotHaveDuplicates();
    CachedEvent last = now(cache.last(NEWS)).event();
    assertThat(last).isNotNull();
    assertThat(last.message()).isEqualTo(published().get(published().size() - 1).message());
  }

  private void publishMany(String name) {
    for (int i = 0; i < 500; i++) {
      cache.publish(NEWS, event(name + i), TTL, null).toCompletableFuture().join();
    }
  }

  private void read(AtomicBoolean over) {
    while (!over.get()) {
      int size = published.soFar().size();
      long before = size == 0 ? 0 : published.soFar().get(size - 1).envelope().sequence();
      long kept = cache.last(NEWS).toCompletableFuture().join().sequence();
      assertThat(kept).isGreaterThanOrEqualTo(before);
    }
  }

  final List<Envelope> published() throws Exception {
    return published.envelopes();
  }

  final void publish(Topic topic, String data) throws Exception {
    now(cache.publish(topic, event(data), TTL, null));
  }

  final String kept(Topic topic) throws Exception {
    CachedEvent event = now(cache.last(topic)).event();
    return event == null ? "nothing" : text(event);
  }

  private static String text(CachedEvent event) {
    return new String(event.message(), StandardCharsets.UTF_8);
  }

  static CachedEvent event(String data) {
    return CachedEvent.of(
        new ServerEvent.ChannelMessage(ChannelName.of("cache-news"), "e", RawJson.string(data)));
  }

  static Topic topic(String app, String channel) {
    return new Topic(app, ChannelName.of(channel));
  }

  static <T> T now(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
