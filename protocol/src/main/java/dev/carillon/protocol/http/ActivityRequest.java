package dev.carillon.protocol.http;

import dev.carillon.protocol.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /apps/<id>/users/<user>/activity}, which may also be empty.
 *
 * @param deviceId on which device something was done; {@code null} if that is not said
 */
public record ActivityRequest(@Nullable String deviceId) {
  /**
   * Reads the body.
   *
   * @throws ProtocolException if it is not of that form
   */
  public static ActivityRequest parse(byte[] body) {
    String[] deviceId = new String[1];
    if (body.length > 0) {
      Body.read(
          body,
          field -> {
            if (field.name().equals("device_id")) {
              deviceId[0] = StatusReader.deviceId(field);
            }
          });
    }
    return new ActivityRequest(deviceId[0]);
  }
}
