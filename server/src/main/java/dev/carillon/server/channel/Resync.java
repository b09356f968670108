package dev.carillon.server.channel;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.cache.CachedEvent;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.presence.Presence;
import dev.carillon.server.status.Statuses;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the subscribers of a channel up to date when some of what was published may not have come:
 * all of them hold back, what is so now is read, who may not know it is told, and all go on. A
 * presence channel's subscribers get the member list, and a cache channel's the kept event, if it
 * is newer than what they had; where they are told how many they are, the count; of those who watch
 * users see {@link Watchers}; of other channels there is nothing to read.
 *
 * <p>A channel has one round at a time. What is missed in a round is found in one more after it.
 *
 * <p>Thread-safe.
 */
final class Resync {
  private static final Logger LOG = LoggerFactory.getLogger(Resync.class);

  /**
   * Something that is so now.
   *
   * @param whole whether it is told to everybody: a later change that came does not tell what is
   *     missing before it
   * @param message tells it to a subscriber; {@code null} if there is nothing to tell
   */
  record Part(long sequence, boolean whole, @Nullable Supplier<byte[]> message) {}

  /**
   * What is so now.
   *
   * @param state the member list, or the count; {@code null} where there is none
   * @param event the kept event; {@code null} where none is ever kept
   */
  record Present(@Nullable Part state, @Nullable Part event) {
    /** It could not be read. */
    private static final Present UNKNOWN = new Present(null, null);

    /** How far a subscriber has been told with it. */
    Position reached(Position before) {
      return new Position(
          state == null ? before.change() : Math.max(state.sequence, before.change()),
          event == null ? before.event() : Math.max(event.sequence, before.event()));
    }
  }

  static final Duration AGAIN_AFTER = Duration.ofSeconds(1);

  private enum Round {
    LAST,
    ONE_MORE_FOLLOWS
  }

  private static final CompletionStage<@Nullable Part> NOTHING =
      CompletableFuture.completedStage(null);

  private final ConcurrentMap<Channel, Round> running = new ConcurrentHashMap<>();
  private final Ports ports;
  private final Watchers watchers;

  Resync(Ports ports, Statuses statuses) {
    this.ports = ports;
    this.watchers = new Watchers(ports, statuses);
  }

  /** Begins, or has one more round follow; called in the order in which envelopes come. */
  void begin(List<Channel> channels) {
    watchers.begin(
        channels.stream().filter(channel -> channel.topic().kind() == Topic.Kind.STATUS).toList());
    channels.stream().filter(Resync::isRead).forEach(this::begin);
  }

  private void begin(Channel channel) {
    // Who is being let in may have read before the gap: one more round when that is told.
    channel.groups().forEach(group -> group.missed(() -> begin(channel)));
    Round round = running.merge(channel, Round.LAST, (now, next) -> Round.ONE_MORE_FOLLOWS);
    if (round == Round.LAST) {
      round(channel);
    }
  }

  private static boolean isRead(Channel channel) {
    ChannelName name = channel.name();
    return channel.counter() != null || name.type() == ChannelType.PRESENCE || name.isCache();
  }

  private void round(Channel channel) {
    List<LoopSubscribers> groups = channel.groups();
    all(groups.stream().map(LoopSubscribers::pause))
        .thenCompose(held -> read(channel))
        .handle((present, failure) -> present == null ? failed(channel, failure) : present)
        .thenCompose(present -> all(groups.stream().map(group -> group.resume(present))))
        .whenComplete((resumed, fault) -> ended(channel, fault));
  }

  static CompletableFuture<Void> all(Stream<CompletableFuture<Void>> stages) {
    return CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new));
  }

  private CompletionStage<Present> read(Channel channel) {
    Topic topic = channel.topic();
    CompletionStage<@Nullable Part> event =
        topic.channel().isCache() ? ports.cache().last(topic).thenApply(Resync::event) : NOTHING;
    return state(channel).thenCombine(event, Present::new);
  }

  private CompletionStage<@Nullable Part> state(Channel channel) {
    Topic topic = channel.topic();
    if (channel.counter() != null) {
      return ports.occupancy().subscriptions(topic).thenApply(count -> count(topic, count));
    }
    return topic.channel().type() == ChannelType.PRESENCE
        ? ports.presence().members(topic).thenApply(members -> members(topic, members))
        : NOTHING;
  }

  private static Part count(Topic topic, int count) {
    return new Part(
        0, true, () -> new ServerEvent.SubscriptionCount(topic.channel(), count).toBytes());
  }

  private static Part members(Topic topic, Presence.Snapshot members) {
    return new Part(
        members.sequence(),
        true,
        () -> new ServerEvent.PresenceSucceeded(topic.channel(), members.members()).toBytes());
  }

  private static Part event(ChannelCache.Last last) {
    CachedEvent event = last.event();
    return new Part(last.sequence(), false, event == null ? null : event::message);
  }

  /** Nothing is known that could be told; it is read again a little later. */
  private Present failed(Channel channel, @Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    UnavailableException unavailable = UnavailableException.in(failure);
    LOG.warn(
        "Channel not brought up to date channel={}: {}",
        channel.name(),
        unavailable == null ? String.valueOf(cause) : unavailable.text());
    channel.groups().stream()
        .findAny()
        .ifPresent(group -> group.later(AGAIN_AFTER, () -> begin(channel)));
    return Present.UNKNOWN;
  }

  private void ended(Channel channel, @Nullable Throwable fault) {
    if (fault != null) {
      LOG.error("Bringing a channel up to date failed channel={}", channel.name(), fault);
    }
    Round next =
        running.computeIfPresent(
            channel, (c, round) -> round == Round.ONE_MORE_FOLLOWS ? Round.LAST : null);
    if (next != null) {
      round(channel);
    }
  }
}
