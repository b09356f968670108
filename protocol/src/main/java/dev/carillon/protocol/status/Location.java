package dev.carillon.protocol.status;

import dev.carillon.protocol.json.JsonBytes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a user is, as the user says.
 *
 * @param latitude in degrees, -90 to 90; with the longitude or not at all
 * @param longitude in degrees, -180 to 180
 * @param expiresAt when it is forgotten
 */
public record Location(
    @Nullable String label,
    @Nullable Double latitude,
    @Nullable Double longitude,
    Instant expiresAt) {
  void write(JsonBytes json) {
    Values.text(json.syntax("{\"label\":"), label);
    json.syntax(",\"latitude\":").syntax(String.valueOf(latitude));
    json.syntax(",\"longitude\":").syntax(String.valueOf(longitude));
    Values.time(json.syntax(",\"expires_at\":"), expiresAt);
    json.syntax("}");
  }
}
