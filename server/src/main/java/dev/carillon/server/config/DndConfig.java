package dev.carillon.server.config;

import java.util.List;

/**
 * What happens while a user does not want to be disturbed.
 *
 * <p>Immutable.
 *
 * @param mode what becomes of such an event
 * @param suppress names of events, in which {@code *} stands for anything
 */
public record DndConfig(DndMode mode, List<String> suppress) {
  /** Defensive copy. */
  public DndConfig {
    suppress = List.copyOf(suppress);
  }

  /** As documented: what Laravel sends as notifications is held. */
  public static DndConfig defaults() {
    return new DndConfig(
        DndMode.HOLD,
        List.of(
            "Illuminate\\Notifications\\Events\\BroadcastNotificationCreated", "notification.*"));
  }

  /** A builder that starts with these values. */
  Builder toBuilder() {
    return new Builder(this);
  }

  /** Varies a {@link DndConfig}. Confined to one thread. */
  static final class Builder {
    private DndMode mode;
    private List<String> suppress;

    private Builder(DndConfig from) {
      this.mode = from.mode;
      this.suppress = from.suppress;
    }

    void mode(DndMode value) {
      this.mode = value;
    }

    void suppress(List<String> value) {
      this.suppress = value;
    }

    DndConfig build() {
      return new DndConfig(mode, suppress);
    }
  }
}
