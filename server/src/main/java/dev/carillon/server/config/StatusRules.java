package dev.carillon.server.config;

import java.time.Duration;

/**
 * By which rules users have a status, in all apps.
 *
 * <p>Immutable.
 *
 * @param offlineAfter from when the last device has gone until the user is offline
 * @param idleAfter without activity, until a device is idle
 * @param awayAfter without activity, until a device is away; no less than {@code idleAfter}
 * @param coalesce over which automatic changes of one user are told together; zero for at once
 * @param retention for which the record of an offline user is kept
 */
public record StatusRules(
    Duration offlineAfter,
    Duration idleAfter,
    Duration awayAfter,
    Duration coalesce,
    Duration retention,
    DndConfig dnd) {
  /** What an empty file means. */
  public static StatusRules defaults() {
    return new StatusRules(
        Duration.ofMinutes(5),
        Duration.ofMinutes(5),
        Duration.ofMinutes(15),
        Duration.ofMillis(250),
        Duration.ofDays(30),
        DndConfig.defaults());
  }

  /** A builder that starts with these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Varies {@link StatusRules}. Confined to one thread. */
  public static final class Builder {
    private Duration offlineAfter;
    private Duration idleAfter;
    private Duration awayAfter;
    private Duration coalesce;
    private Duration retention;
    private DndConfig.Builder dnd;

    private Builder(StatusRules from) {
      this.offlineAfter = from.offlineAfter;
      this.idleAfter = from.idleAfter;
      this.awayAfter = from.awayAfter;
      this.coalesce = from.coalesce;
      this.retention = from.retention;
      this.dnd = from.dnd.toBuilder();
    }

    public Builder offlineAfter(Duration value) {
      this.offlineAfter = value;
      return this;
    }

    public Builder idleAfter(Duration value) {
      this.idleAfter = value;
      return this;
    }

    public Builder awayAfter(Duration value) {
      this.awayAfter = value;
      return this;
    }

    public Builder coalesce(Duration value) {
      this.coalesce = value;
      return this;
    }

    public Builder retention(Duration value) {
      this.retention = value;
      return this;
    }

    DndConfig.Builder dnd() {
      return dnd;
    }

    public Builder dnd(DndConfig value) {
      this.dnd = value.toBuilder();
      return this;
    }

    public StatusRules build() {
      return new StatusRules(offlineAfter, idleAfter, awayAfter, coalesce, retention, dnd.build());
    }
  }
}
