package dev.carillon.server.channel;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.protocol.event.UserId;
import dev.carillon.server.app.App;
import dev.carillon.server.app.Wildcard;
import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.broker.UnavailableException;
import dev.carillon.server.cache.CachedEvent;
import dev.carillon.server.config.DndConfig;
import dev.carillon.server.config.DndMode;
import dev.carillon.server.held.HeldEvents;
import dev.carillon.server.metrics.AppMetrics;
import dev.carillon.server.status.Statuses;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps from one app's users, while they do not want to be disturbed, what would: events of certain
 * names in the users' own channels.
 *
 * <p>What is held is released by a node that has a subscriber, when it hears that the user may be
 * disturbed again, and when a subscriber comes. An event is held first, and then it is looked
 * whether the user still wants it so: what ends that either sees the event, or is seen.
 *
 * <p>Thread-safe.
 */
public final class DoNotDisturb {
  private static final Logger LOG = LoggerFactory.getLogger(DoNotDisturb.class);

  private final App app;
  private final Statuses statuses;
  private final Broker broker;
  private final HeldEvents held;
  private final boolean holds;
  private final List<Wildcard> suppressed;
  private final AppMetrics metrics;

  DoNotDisturb(App app, Ports ports, Statuses statuses, DndConfig config, AppMetrics metrics) {
    this.app = app;
    this.statuses = statuses;
    this.broker = ports.broker();
    this.held = ports.held();
    this.holds = config.mode() == DndMode.HOLD;
    this.suppressed = config.suppress().stream().map(Wildcard::new).toList();
    this.metrics = metrics;
  }

  /** Whether that event is to be published by {@link #publish}, if it is not urgent. */
  public boolean concerns(ChannelName channel, String event) {
    return owner(channel).isPresent()
        && suppressed.stream().anyMatch(pattern -> pattern.matches(event));
  }

  private Optional<UserId> owner(ChannelName channel) {
    return suppressed.isEmpty() ? Optional.empty() : statuses.owner(channel);
  }

  /**
   * Publishes an event that it concerns, or keeps it from its user.
   *
   * @return completes when the event was accepted, with whether the user did not want it now
   */
  public CompletionStage<Boolean> publish(
      ServerEvent.ChannelMessage event, @Nullable SocketId except) {
    ChannelName channel = event.channel();
    UserId user = owner(channel).orElseThrow();
    Topic topic = new Topic(app.id(), channel);
    HeldEvents.Event message =
        new HeldEvents.Event(
            CachedEvent.of(event), except, channel.isCache() ? app.cacheTtl() : Duration.ZERO);
    return statuses
        .wantsQuiet(user)
        .thenCompose(quiet -> quiet ? suppress(user, topic, message) : publish(topic, message));
  }

  private CompletionStage<Boolean> publish(Topic topic, HeldEvents.Event event) {
    return held.publish(topic, event)
        .thenApply(
            published -> {
              if (!published) {
                tellSubscribers(topic);
              }
              return false;
            });
  }

  private CompletionStage<Boolean> suppress(UserId user, Topic topic, HeldEvents.Event event) {
    metrics.suppressed(holds);
    if (!holds) {
      return CompletableFuture.completedStage(true);
    }
    return held.hold(topic, event)
        .thenApply(
            accepted -> {
              lookAgain(user, topic);
              return true;
            });
  }

  /** It may have ended while the event was on its way to be held. */
  private void lookAgain(UserId user, Topic topic) {
    statuses
        .wantsQuiet(user)
        .whenComplete(
            (quiet, failure) -> {
              if (failure != null) {
                notNow(failure);
              } else if (!quiet) {
                tellSubscribers(topic);
              }
            });
  }

  private void tellSubscribers(Topic topic) {
    broker
        .publish(topic, Envelope.release())
        .whenComplete(
            (told, failure) -> {
              if (failure != null) {
                notNow(failure);
              }
            });
  }

  /** What is held may be due to a channel's subscribers here, if there are any. */
  void maybeDue(Channel channel) {
    if (owner(channel.name()).isPresent()) {
      channel.ifSomebodyListens(() -> release(channel));
    }
  }

  /** A subscriber of that channel was acknowledged: what is held is delivered, if it may be. */
  public void subscribed(Channel channel) {
    release(channel);
  }

  private void release(Channel channel) {
    Optional<UserId> user = owner(channel.name());
    if (user.isEmpty() || channel.topic().kind() != Topic.Kind.CHANNEL) {
      return;
    }
    Topic topic = channel.topic();
    held.waiting(topic)
        .thenCompose(
            some -> some ? statuses.wantsQuiet(user.get()) : CompletableFuture.completedStage(true))
        .thenCompose(quiet -> quiet ? CompletableFuture.completedStage(null) : held.release(topic))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                notNow(failure);
              }
            });
  }

  /** It is tried again: with the gap that is noticed then, the next event, the next subscriber. */
  private static void notNow(Throwable failure) {
    if (UnavailableException.in(failure) == null) {
      LOG.error("Releasing held events failed", failure);
    }
  }
}
