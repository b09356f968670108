package dev.carillon.protocol.http;

import dev.carillon.protocol.json.Field;
import dev.carillon.protocol.status.Location;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@link Location}.
 *
 * <p>Confined to one thread.
 */
final class LocationReader {
  private @Nullable String label;
  private @Nullable Double latitude;
  private @Nullable Double longitude;
  private @Nullable Instant expiresAt;

  Location read(Field location) throws IOException {
    Body.object(location, this::take);
    if (expiresAt == null) {
      throw Field.invalid(
          "location.expires_at", "none", "a time like 2026-01-05T10:02:11Z: it has an end");
    }
    if (latitude == null != (longitude == null)) {
      throw latitude == null
          ? Field.invalid("location.longitude", "one without a latitude", "both or neither")
          : Field.invalid("location.latitude", "one without a longitude", "both or neither");
    }
    if (label == null && latitude == null) {
      throw Field.invalid(
          "location",
          "neither a label nor latitude and longitude",
          "a label, or latitude and longitude, or both");
    }
    return new Location(label, latitude, longitude, expiresAt);
  }

  private void take(Field field) throws IOException {
    boolean none = field.isNull();
    switch (field.name()) {
      case "location.label" -> label = field.textOrNone(StatusRequest.MAX_LABEL);
      case "location.latitude" -> latitude = none ? null : field.number(-90, 90);
      case "location.longitude" -> longitude = none ? null : field.number(-180, 180);
      case "location.expires_at" -> expiresAt = none ? null : field.time();
      default -> {
        // is the app's own
      }
    }
  }
}
