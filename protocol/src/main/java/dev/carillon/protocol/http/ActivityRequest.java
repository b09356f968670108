package dev.carillon.protocol.http;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.json.Field;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /apps/<id>/users/<user>/activity}, which may also be empty.
 *
 * @param deviceId on which device something was done; {@code null} if that is not said
 * @param background whether a client did it by itself, as when it reconnects: that is on no device
 */
public record ActivityRequest(@Nullable String deviceId, boolean background) {
  /**
   * Reads the body.
   *
   * @throws ProtocolException if it is not of that form
   */
  public static ActivityRequest parse(byte[] body) {
    Reader reader = new Reader();
    if (body.length > 0) {
      Body.read(body, reader::take);
    }
    if (reader.background && reader.deviceId != null) {
      throw ProtocolException.invalid(
          "Invalid device_id: got one together with background, allowed is one of the two");
    }
    return new ActivityRequest(reader.deviceId, reader.background);
  }

  /** Confined to one thread. */
  private static final class Reader {
    private @Nullable String deviceId;
    private boolean background;

    private void take(Field field) throws IOException {
      switch (field.name()) {
        case "device_id" -> deviceId = StatusReader.deviceId(field);
        case "background" -> background = field.truth();
        default -> {
          // is the app's own
        }
      }
    }
  }
}
