package dev.carillon.server.status;

import dev.carillon.protocol.status.DeviceState;
import dev.carillon.protocol.status.Location;
import dev.carillon.protocol.status.Status;
import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is seen of a user; a change of it is news. */
public record View(
    Status status,
    @Nullable String message,
    @Nullable Instant expiresAt,
    SortedMap<String, DeviceState> devices,
    @Nullable Location location) {
  /** Of who is not there, or does not want to be. */
  static final View OFFLINE = nothingBut(Status.OFFLINE);

  /** Defensive copy. */
  public View {
    devices = Collections.unmodifiableSortedMap(new TreeMap<>(devices));
  }

  /** Whether all is the same that a user can choose or plan. */
  boolean saysTheSameAs(View other) {
    return status == other.status
        && Objects.equals(message, other.message)
        && Objects.equals(expiresAt, other.expiresAt);
  }

  static View nothingBut(Status status) {
    return new View(status, null, null, new TreeMap<>(), null);
  }
}
