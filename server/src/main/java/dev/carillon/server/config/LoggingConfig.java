package dev.carillon.server.config;

/**
 * What is logged, and how.
 *
 * <p>Immutable.
 */
public record LoggingConfig(LogLevel level, LogFormat format) {
  /** What an empty file means. */
  public static LoggingConfig defaults() {
    return new LoggingConfig(LogLevel.INFO, LogFormat.TEXT);
  }

  /** A builder that starts with these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Varies a {@link LoggingConfig}. Confined to one thread. */
  public static final class Builder {
    private LogLevel level;
    private LogFormat format;

    private Builder(LoggingConfig from) {
      this.level = from.level;
      this.format = from.format;
    }

    public Builder level(LogLevel level) {
      this.level = level;
      return this;
    }

    public Builder format(LogFormat format) {
      this.format = format;
      return this;
    }

    public LoggingConfig build() {
      return new LoggingConfig(level, format);
    }
  }
}
