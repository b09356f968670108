package dev.carillon.protocol.status;

import java.util.Locale;

/** Why a status has changed. */
public enum Cause {
  /** The user or the app said so. */
  MANUAL,
  /** An entry of the schedule has begun or ended. */
  SCHEDULE,
  /** The end of a choice or of a location has come. */
  EXPIRED,
  /** Nothing was done on a device for a time. */
  IDLE,
  /** Something was done on a device again. */
  ACTIVE,
  /** A device has come. */
  CONNECTED,
  /** A device has gone, or was gone for a time. */
  DISCONNECTED;

  /** The name on the wire, in lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
