package dev.carillon.server.support.redis;

import dev.carillon.server.config.RedisConfig;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.metrics.RedisMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Servers whose state is in a real Redis that all tests share, each under a prefix of its own. */
public final class OnRedis {
  /** Whether all test servers are such: {@code -Dcarillon.test.redis=true}. */
  public static final boolean WANTED = Boolean.getBoolean("carillon.test.redis");

  private static final AtomicInteger CLUSTERS = new AtomicInteger();

  private OnRedis() {}

  private static final class Shared {
    static final RedisServer SERVER = RedisServer.start();
  }

  /** A cluster that no other test has. */
  public static ScalingConfig fresh() {
    return at(Shared.SERVER.port(), Duration.ofSeconds(10));
  }

  /** Counts that nobody looks at. */
  public static RedisMetrics unseen() {
    return new RedisMetrics(new SimpleMeterRegistry());
  }

  /** A cluster on that Redis. */
  public static ScalingConfig at(int port, Duration lease) {
    return on(new RedisConfig.Standalone("127.0.0.1", port, 0), lease);
  }

  /** A cluster of nodes in that Redis Cluster. */
  public static ScalingConfig in(RedisCluster cluster) {
    return on(
        new RedisConfig.Cluster(
            cluster.nodes().stream()
                .map(node -> new RedisConfig.Node(node.host(), node.port()))
                .toList()),
        Duration.ofSeconds(10));
  }

  private static ScalingConfig on(RedisConfig.Target target, Duration lease) {
    ScalingConfig defaults = ScalingConfig.defaults();
    return defaults.toBuilder()
        .enabled(true)
        .nodeLease(lease)
        .redis(
            defaults.redis().toBuilder()
                .target(target)
                .prefix("test" + CLUSTERS.incrementAndGet() + ":")
                .build())
        .build();
  }
}
