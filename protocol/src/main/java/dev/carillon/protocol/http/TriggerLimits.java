package dev.carillon.protocol.http;

import dev.carillon.protocol.channel.ChannelName;

/**
 * What an app may trigger.
 *
 * @param maxDataBytes of an event's data, in UTF-8
 * @param relaxedChannelNames whether channel names may have any printable character
 */
public record TriggerLimits(int maxDataBytes, boolean relaxedChannelNames) {
  /** Channels of one event. */
  public static final int MAX_CHANNELS = 100;

  /** Events of one batch. */
  public static final int MAX_BATCH = 10;

  /** Characters of an event's name. */
  public static final int MAX_EVENT_LENGTH = 200;

  ChannelName channel(String name) {
    return relaxedChannelNames ? ChannelName.relaxed(name) : ChannelName.of(name);
  }
}
