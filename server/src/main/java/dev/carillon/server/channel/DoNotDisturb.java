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
import dev.carillon.server.held.Inbox;
import dev.carillon.server.metrics.AppMetrics;
import dev.carillon.server.status.Statuses;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps from one app's users, while they do not want to be disturbed, what would: events of certain
 * names in the users' own channels.
 *
 * <p>What is held is released by a node that has a subscriber, when it hears that the user may be
 * disturbed again, and when a subscriber comes. An event is held first, and then it is looked
 * whether the user still wants it so: what ends that either sees the event, or is seen. Who
 * releases looks first what is held, then whether the user wants it so, and releases no more than
 * it has seen: what has come since may be held for a wish that came after that look.
 *
 * <p>Thread-safe.
 */
public final class DoNotDisturb {
  private static final Logger LOG = LoggerFactory.getLogger(DoNotDisturb.class);

  private static final CompletionStage<Void> NOTHING = CompletableFuture.completedStage(null);

  private final App app;
  private final Statuses statuses;
  private final Broker broker;
  private final HeldEvents held;
  private final boolean holds;
  private final List<Wildcard> suppressed;
  private final AppMetrics metrics;
  private final Function<Topic, @Nullable Channel> channels;

  /**
   * Keeps nothing yet.
   *
   * @param channels finds those that this node has
   */
  DoNotDisturb(
      App app,
      Ports ports,
      Statuses statuses,
      DndConfig config,
      AppMetrics metrics,
      Function<Topic, @Nullable Channel> channels) {
    this.app = app;
    this.statuses = statuses;
    this.broker = ports.broker();
    this.held = ports.held();
    this.holds = config.mode() == DndMode.HOLD;
    this.suppressed = config.suppress().stream().map(Wildcard::new).toList();
    this.metrics = metrics;
    this.channels = channels;
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
    HeldEvents.Event message =
        new HeldEvents.Event(
            new Topic(app.id(), channel),
            CachedEvent.of(event),
            except,
            channel.isCache() ? app.cacheTtl() : Duration.ZERO);
    return statuses
        .wantsQuiet(user)
        .thenCompose(quiet -> quiet ? suppress(user, message) : publish(user, message));
  }

  private Inbox inbox(UserId user) {
    return new Inbox(statuses.ownTopics(user));
  }

  private CompletionStage<Boolean> publish(UserId user, HeldEvents.Event event) {
    return held.publish(inbox(user), event)
        .thenApply(
            published -> {
              if (!published) {
                tellSubscribers(event.topic());
              }
              return false;
            });
  }

  private CompletionStage<Boolean> suppress(UserId user, HeldEvents.Event event) {
    metrics.suppressed(holds);
    if (!holds) {
      return CompletableFuture.completedStage(true);
    }
    return held.hold(inbox(user), event)
        .thenApply(
            accepted -> {
              lookAgain(user, event.topic());
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

  /**
   * A subscriber of that channel was acknowledged, or something may have ended: what is held for
   * the user whose channel it is, if it is one's, is delivered if it may be. Those who listen here
   * get it in one order over all channels of the user.
   */
  public void maybeDue(Channel channel) {
    if (channel.topic().kind() != Topic.Kind.CHANNEL) {
      return;
    }
    // Not at once: who tells that it ends may be about to write so, and nothing is seen of it yet.
    owner(channel.name()).ifPresent(user -> channel.later(() -> release(user, inbox(user))));
  }

  private void release(UserId user, Inbox inbox) {
    heard(inbox)
        .thenCompose(heard -> release(user, inbox, heard))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                notNow(failure);
              }
            });
  }

  /** Those of its channels in which somebody listens here. */
  private CompletionStage<Set<Topic>> heard(Inbox inbox) {
    CompletionStage<Set<Topic>> all = CompletableFuture.completedStage(Set.of());
    for (Topic topic : inbox.channels()) {
      Channel channel = channels.apply(topic);
      if (channel != null) {
        all = all.thenCombine(channel.isHeard(), (some, heard) -> heard ? with(some, topic) : some);
      }
    }
    return all;
  }

  private static Set<Topic> with(Set<Topic> some, Topic other) {
    Set<Topic> more = new LinkedHashSet<>(some);
    more.add(other);
    return more;
  }

  private CompletionStage<Void> release(UserId user, Inbox inbox, Set<Topic> heard) {
    return heard.isEmpty()
        ? NOTHING
        : held.waiting(inbox, heard)
            .thenCompose(mark -> mark == 0 ? NOTHING : release(user, inbox, heard, mark));
  }

  private CompletionStage<Void> release(UserId user, Inbox inbox, Set<Topic> heard, long mark) {
    return statuses
        .wantsQuiet(user)
        .thenCompose(quiet -> quiet ? NOTHING : held.release(inbox, heard, mark));
  }

  /** It is tried again: with the gap that is noticed then, the next event, the next subscriber. */
  private static void notNow(Throwable failure) {
    if (UnavailableException.in(failure) == null) {
      LOG.error("Releasing held events failed", failure);
    }
  }
}
