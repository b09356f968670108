package dev.carillon.server.redis;

import dev.carillon.server.app.App;
import dev.carillon.server.redis.Reads.Read;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many events cache channels keep, of all nodes. Who looks is told what was last known, and has
 * it asked again: a look must not wait for Redis.
 *
 * <p>Thread-safe.
 */
final class CachedEvents {
  private static final Duration KNOWN_FOR = Duration.ofSeconds(5);

  private final RedisKeys keys;
  private final Reads reads;
  private final List<String> appIds;
  private final AtomicLong askAt = new AtomicLong(System.nanoTime());
  private volatile double known = Double.NaN;

  CachedEvents(RedisKeys keys, Reads reads, Iterable<App> apps) {
    this.keys = keys;
    this.reads = reads;
    List<String> ids = new ArrayList<>();
    apps.forEach(app -> ids.add(app.id()));
    this.appIds = List.copyOf(ids);
  }

  /** Not a number while it is not known. */
  double count() {
    long now = System.nanoTime();
    long due = askAt.get();
    if (now - due >= 0 && askAt.compareAndSet(due, now + KNOWN_FOR.toNanos())) {
      List<Read> all = new ArrayList<>();
      for (String app : appIds) {
        keys.allCachedUntil(app).forEach(key -> all.add(new Read("living", key, "")));
      }
      reads
          .all(all)
          .whenComplete(
              (counts, away) ->
                  known =
                      away == null
                          ? counts.stream().mapToLong(count -> (Long) count).sum()
                          : Double.NaN);
    }
    return known;
  }
}
