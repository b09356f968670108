package dev.carillon.server.broker;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.event.UserId;

/**
 * What is published to and subscribed to: one channel of one app, or the status of one user.
 *
 * @param channel of a status the user's own
 */
public record Topic(String appId, ChannelName channel, Kind kind) {
  /** What a topic carries. */
  public enum Kind {
    /** A channel's events; of a user's channel also the termination of the user's connections. */
    CHANNEL,
    /** A user's coming and going, for those who watch. */
    STATUS
  }

  /** A channel's topic. */
  public Topic(String appId, ChannelName channel) {
    this(appId, channel, Kind.CHANNEL);
  }

  /** The topic of what goes to a user's connections. */
  public static Topic ofUser(String appId, UserId user) {
    return new Topic(appId, ChannelName.ofUser(user.value()));
  }

  /** The topic of a user's coming and going. */
  public static Topic ofStatus(String appId, UserId user) {
    return new Topic(appId, ChannelName.ofUser(user.value()), Kind.STATUS);
  }
}
