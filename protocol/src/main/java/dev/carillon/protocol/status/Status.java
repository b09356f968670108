package dev.carillon.protocol.status;

import java.util.Locale;
import java.util.Optional;

/** How a user is. */
public enum Status {
  /** Active on a device, or said so. */
  ONLINE,
  /** No device was active lately; never chosen. */
  IDLE,
  /** No device was active for long, or said so. */
  AWAY,
  /** Chosen. */
  BUSY,
  /** Chosen: does not want to be disturbed. */
  DND,
  /** Chosen, and told to the user alone: all others see {@link #OFFLINE}. */
  INVISIBLE,
  /** Without a device for long, or chosen. */
  OFFLINE;

  /** The name on the wire, in lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a user may choose it. */
  public boolean mayBeChosen() {
    return this != IDLE;
  }

  /** Whether others are told that the user is offline. */
  public boolean hidden() {
    return this == INVISIBLE || this == OFFLINE;
  }

  /** The one of that name on the wire. */
  public static Optional<Status> of(String text) {
    for (Status status : values()) {
      if (status.text().equals(text)) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }
}
