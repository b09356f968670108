package dev.carillon.server.redis;

import dev.carillon.server.app.App;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/**
 * Keeps nodes apart that mean different apps by one id. While a node has a lease, Redis has a
 * fingerprint of each of its apps: of the key, and of the users' own channels, by which it is known
 * where they lie. A node that has others for one of them gets none. Neither keys nor secrets are in
 * Redis.
 *
 * <p>Immutable.
 */
final class AppFingerprints {
  private static final Script BEGIN = Script.load("begin.lua");
  private static final int BYTES = 8;

  private final String lines;

  AppFingerprints(Iterable<App> apps) {
    StringBuilder all = new StringBuilder();
    for (App app : apps) {
      all.append(fingerprint(app)).append(' ').append(app.id()).append('\n');
    }
    this.lines = all.toString();
  }

  private static String fingerprint(App app) {
    String text = app.credentials().key() + "\n" + app.status().userChannel();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** Begins the lease of a node, unless it is refused: see {@link #refused}. */
  Response<Object> enter(AbstractPipeline pipeline, RedisKeys keys, String node, long micros) {
    return BEGIN.on(
        pipeline, List.of(keys.nodes(), keys.apps()), NodeLease.arguments(node, micros, lines));
  }

  /** The apps for which a node was refused, in order; none if it was not. */
  static List<String> refused(Response<Object> entered) {
    return List.copyOf(
        ((List<?>) entered.get())
            .stream().map(NodeLease::text).collect(Collectors.toCollection(TreeSet::new)));
  }
}
