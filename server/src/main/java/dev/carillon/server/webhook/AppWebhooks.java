package dev.carillon.server.webhook;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.UserId;
import dev.carillon.protocol.status.StatusUpdate;
import dev.carillon.protocol.webhook.WebhookEvent;
import dev.carillon.server.config.WebhookKind;
import dev.carillon.server.webhook.Told.Presence;
import org.jspecify.annotations.Nullable;

/**
 * What happens in one app, for its own servers to be told. Call each method before anybody sees the
 * effect: when it returns, the event outlives the process. Events of a channel are told in the
 * order of these calls, so call them where that order is decided. Who subscribes to {@code
 * #server-to-user-} channels is never told of.
 *
 * <p>Thread-safe; never waits for a network or for another thread's disk.
 */
public final class AppWebhooks {
  private static final AppWebhooks NONE = new AppWebhooks(null);

  private final @Nullable Intake intake;

  AppWebhooks(@Nullable Intake intake) {
    this.intake = intake;
  }

  /** Of an app that tells nobody. */
  public static AppWebhooks none() {
    return NONE;
  }

  /** The first subscriber came. */
  public void channelOccupied(ChannelName channel) {
    Intake to = wanted(channel, WebhookKind.CHANNEL_OCCUPIED, WebhookKind.CHANNEL_VACATED);
    if (to != null) {
      to.came(
          WebhookKind.CHANNEL_OCCUPIED,
          new Presence(channel.value(), ""),
          new WebhookEvent.ChannelOccupied(channel));
    }
  }

  /** The last subscriber went; told unless another comes in time. */
  public void channelVacated(ChannelName channel) {
    Intake to = wanted(channel, WebhookKind.CHANNEL_OCCUPIED, WebhookKind.CHANNEL_VACATED);
    if (to != null) {
      to.left(new Presence(channel.value(), ""));
    }
  }

  /** A user's first connection joined. */
  public void memberAdded(ChannelName channel, UserId user) {
    Intake to = wanted(channel, WebhookKind.MEMBER_ADDED, WebhookKind.MEMBER_REMOVED);
    if (to != null) {
      to.came(
          WebhookKind.MEMBER_ADDED,
          new Presence(channel.value(), user.value()),
          new WebhookEvent.MemberAdded(channel, user));
    }
  }

  /** A user's last connection left; told unless the user is back in time. */
  public void memberRemoved(ChannelName channel, UserId user) {
    Intake to = wanted(channel, WebhookKind.MEMBER_ADDED, WebhookKind.MEMBER_REMOVED);
    if (to != null) {
      to.left(new Presence(channel.value(), user.value()));
    }
  }

  /**
   * A client's event was accepted.
   *
   * @param user who sent it, on presence channels
   */
  public void clientEvent(
      ChannelName channel,
      String event,
      @Nullable RawJson data,
      SocketId socket,
      @Nullable UserId user) {
    Intake to = wanted(channel, WebhookKind.CLIENT_EVENT, WebhookKind.CLIENT_EVENT);
    if (to != null) {
      to.happened(
          WebhookKind.CLIENT_EVENT,
          new WebhookEvent.ClientMessage(channel, event, data, socket, user));
    }
  }

  /** Somebody subscribed to a cache channel that holds nothing. */
  public void cacheMiss(ChannelName channel) {
    Intake to = wanted(channel, WebhookKind.CACHE_MISS, WebhookKind.CACHE_MISS);
    if (to != null) {
      to.happened(WebhookKind.CACHE_MISS, new WebhookEvent.CacheMiss(channel));
    }
  }

  /** A channel has so many subscriptions now. */
  public void subscriptionCount(ChannelName channel, int count) {
    Intake to = wanted(channel, WebhookKind.SUBSCRIPTION_COUNT, WebhookKind.SUBSCRIPTION_COUNT);
    if (to != null) {
      to.happened(
          WebhookKind.SUBSCRIPTION_COUNT, new WebhookEvent.SubscriptionCount(channel, count));
    }
  }

  /**
   * How a user is has changed, for others.
   *
   * @param own the user's own channel
   */
  public void userStatusUpdated(ChannelName own, StatusUpdate update) {
    Intake to = intake;
    if (to != null && to.wants(own, WebhookKind.USER_STATUS_UPDATED)) {
      to.happened(WebhookKind.USER_STATUS_UPDATED, new WebhookEvent.UserStatusUpdated(own, update));
    }
  }

  // Coming is kept also for those who are told of leaving only: it may be told by another process.
  private @Nullable Intake wanted(ChannelName channel, WebhookKind kind, WebhookKind counterpart) {
    Intake to = intake;
    if (to == null || channel.type() == ChannelType.USER) {
      return null;
    }
    return to.wants(channel, kind) || to.wants(channel, counterpart) ? to : null;
  }
}
