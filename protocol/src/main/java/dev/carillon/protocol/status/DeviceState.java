package dev.carillon.protocol.status;

import java.util.Locale;

/** How a device is used; the more, the earlier in this order. */
public enum DeviceState {
  ACTIVE,
  IDLE,
  AWAY;

  /** The name on the wire, in lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
