package dev.carillon.server.config;

import java.time.Duration;

/**
 * How several nodes serve the same apps.
 *
 * <p>Immutable.
 *
 * @param enabled whether there may be several
 * @param redis through which they know of each other; of no meaning unless enabled
 * @param publishTimeout how long a publish waits for Redis to come back
 * @param nodeLease after a node's last sign of life, until its entries are removed
 */
public record ScalingConfig(
    boolean enabled, RedisConfig redis, Duration publishTimeout, Duration nodeLease) {
  /** What an empty file means: a single node. */
  public static ScalingConfig defaults() {
    return new ScalingConfig(
        false, RedisConfig.defaults(), Duration.ofSeconds(2), Duration.ofSeconds(10));
  }

  /** A builder that starts with these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Varies a {@link ScalingConfig}. Confined to one thread. */
  public static final class Builder {
    private boolean enabled;
    private RedisConfig.Builder redis;
    private Duration publishTimeout;
    private Duration nodeLease;

    private Builder(ScalingConfig from) {
      this.enabled = from.enabled;
      this.redis = from.redis.toBuilder();
      this.publishTimeout = from.publishTimeout;
      this.nodeLease = from.nodeLease;
    }

    public Builder enabled(boolean enabled) {
      this.enabled = enabled;
      return this;
    }

    RedisConfig.Builder redis() {
      return redis;
    }

    public Builder redis(RedisConfig value) {
      redis = value.toBuilder();
      return this;
    }

    public Builder publishTimeout(Duration publishTimeout) {
      this.publishTimeout = publishTimeout;
      return this;
    }

    public Builder nodeLease(Duration nodeLease) {
      this.nodeLease = nodeLease;
      return this;
    }

    public ScalingConfig build() {
      return new ScalingConfig(enabled, redis.build(), publishTimeout, nodeLease);
    }
  }
}
