package dev.carillon.server.cache;

import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.event.ServerEvent;

/**
 * An event as its subscribers get it.
 *
 * <p>Immutable: nobody changes the array after it was handed in.
 *
 * @param message the text of the frame, in UTF-8; the event's data is its last value
 * @param dataBytes how long the data is
 */
public record CachedEvent(byte[] message, int dataBytes) {
  public static CachedEvent of(ServerEvent.ChannelMessage event) {
    return new CachedEvent(event.toBytes(), event.data().length());
  }

  /** The event's data: a JSON string, as the request had it. */
  public RawJson data() {
    int end = message.length - 1; // before the closing brace
    return RawJson.slice(message, end - dataBytes, end);
  }
}
