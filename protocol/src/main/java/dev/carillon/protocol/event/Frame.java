package dev.carillon.protocol.event;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.json.JsonBytes;

/** How the frames of a channel start. */
final class Frame {
  private Frame() {}

  /** The object with its event and channel, left open. */
  static JsonBytes of(String event, ChannelName channel) {
    return new JsonBytes(256)
        .syntax("{\"event\":")
        .quoted(event)
        .syntax(",\"channel\":")
        .quoted(channel.value());
  }
}
