package dev.carillon.server.config;

import java.time.Duration;

/**
 * How many messages of any kind a connection may send.
 *
 * <p>Immutable.
 *
 * @param enabled whether it is limited at all
 * @param maxAttempts messages within {@code decay}
 * @param decay from a first message until the count begins again
 * @param terminateOnLimit whether a connection that sends more is closed; else each message above
 *     is refused
 */
public record RateLimiting(
    boolean enabled, int maxAttempts, Duration decay, boolean terminateOnLimit) {
  /** As Reverb has it: off. */
  public static RateLimiting off() {
    return new RateLimiting(false, 60, Duration.ofSeconds(60), false);
  }

  /** A builder that starts with these values. */
  Builder toBuilder() {
    return new Builder(this);
  }

  /** Varies a {@link RateLimiting}. Confined to one thread. */
  static final class Builder {
    private boolean enabled;
    private int maxAttempts;
    private Duration decay;
    private boolean terminateOnLimit;

    private Builder(RateLimiting from) {
      this.enabled = from.enabled;
      this.maxAttempts = from.maxAttempts;
      this.decay = from.decay;
      this.terminateOnLimit = from.terminateOnLimit;
    }

    void enabled(boolean value) {
      this.enabled = value;
    }

    void maxAttempts(int value) {
      this.maxAttempts = value;
    }

    void decay(Duration value) {
      this.decay = value;
    }

    void terminateOnLimit(boolean value) {
      this.terminateOnLimit = value;
    }

    RateLimiting build() {
      return new RateLimiting(enabled, maxAttempts, decay, terminateOnLimit);
    }
  }
}
