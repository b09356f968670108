package dev.carillon.protocol.http;

import dev.carillon.protocol.event.RawJson;
import dev.carillon.protocol.json.JsonBytes;
import org.jspecify.annotations.Nullable;

/**
 * What a cache channel keeps: {@code {"data":"…","ttl":60}}, or {@code null} for nothing.
 *
 * @param data of the event: a JSON string, as the request had it; {@code null} if none is kept
 * @param ttlSeconds how much longer it is kept
 */
public record CacheInfo(@Nullable RawJson data, long ttlSeconds) {
  /** Nothing is kept. */
  public static final CacheInfo EMPTY = new CacheInfo(null, 0);

  void write(JsonBytes json) {
    if (data == null) {
      json.syntax("null");
    } else {
      data.write(json.syntax("{\"data\":")).syntax(",\"ttl\":").number(ttlSeconds).syntax("}");
    }
  }
}
