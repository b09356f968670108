package dev.carillon.auth.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** What kind of device a request comes from. */
final class Device {
  private static final int LENGTH_MAX = 32;

  private Device() {}

  /**
   * The field {@code device_id}, by which a device is known again.
   *
   * @throws Refusal 422 if it is longer than 64 characters
   */
  static Optional<String> id(Fields fields) {
    Optional<String> id = fields.optional("device_id").filter(text -> !text.isBlank());
    if (id.isPresent() && id.get().length() > PresenceFields.DEVICE_ID_CHARACTERS_MAX) {
      throw Refusal.invalid(
          "device_id",
          "The device id field must not be greater than "
              + PresenceFields.DEVICE_ID_CHARACTERS_MAX
              + " characters.");
    }
    return id;
  }

  /**
   * As the field {@code device} says; else {@code mobile} or {@code web} by the browser's {@code
   * User-Agent}; else it is not known.
   *
   * @throws Refusal 422 if the field is longer than 32 characters
   */
  static Optional<String> of(RoutingContext context, Fields fields) {
    Optional<String> said = fields.optional("device").filter(device -> !device.isBlank());
    if (said.isPresent()) {
      if (said.get().length() > LENGTH_MAX) {
        throw Refusal.invalid(
            "device", "The device field must not be greater than " + LENGTH_MAX + " characters.");
      }
      return said;
    }
    return Optional.ofNullable(context.request().getHeader(HttpHeaders.USER_AGENT))
        .filter(agent -> agent.startsWith("Mozilla/"))
        .map(agent -> agent.contains("Mobi") ? "mobile" : "web");
  }
}
