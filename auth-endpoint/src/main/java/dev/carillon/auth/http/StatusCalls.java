package dev.carillon.auth.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.auth.status.StatusApi;
import dev.carillon.auth.status.StatusApiException;
import dev.carillon.auth.status.StatusApiException.Kind;
import dev.carillon.auth.user.User;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/**
 * What users say of themselves: status, do not disturb, location. Each call is about the user who
 * makes it; a user's id in its body counts for nothing.
 *
 * <p>Thread-safe; never blocks.
 */
final class StatusCalls {
  private static final Duration LOCATION_LIFE = Duration.ofHours(1);

  private final StatusApi api;
  private final Audience audience;
  private final BoundedWork database;
  private final InstantSource clock;

  StatusCalls(StatusApi api, Audience audience, BoundedWork database, InstantSource clock) {
    this.api = api;
    this.audience = audience;
    this.database = database;
    this.clock = clock;
  }

  /**
   * The status of who asks, as the server tells it, with {@code choice} and {@code schedule};
   * {@code {"status":"offline"}} if the server has never heard of them.
   */
  Future<Void> own(RoutingContext context, User user) {
    return api.status(user.id())
        .recover(
            failure ->
                isUnknown(failure)
                    ? Future.succeededFuture(Json.object().put("status", "offline"))
                    : Future.failedFuture(failure))
        .compose(status -> Json.answer(context, 200, status));
  }

  private static boolean isUnknown(Throwable failure) {
    return failure instanceof StatusApiException known && known.kind() == Kind.NOT_FOUND;
  }

  /**
   * {@code status}, and perhaps {@code custom_message}, {@code expires_at} or {@code duration},
   * {@code device_id} → {@code {"status":"busy","custom_message":"In a call"}}; 422 if one is not
   * of its form.
   */
  Future<Void> status(RoutingContext context, User user) {
    Validation fields = new Validation(Fields.of(context));
    fields.required("status");
    Optional<String> status = fields.oneOf("status", PresenceFields.CHOICES);
    Optional<String> message = message(fields);
    Optional<Instant> end = PresenceFields.end(fields, clock.instant());
    Optional<String> device = fields.text("device_id", PresenceFields.DEVICE_ID_CHARACTERS_MAX);
    Optional<String> socket = PresenceFields.socket(context, fields);
    fields.done();

    ObjectNode choice = choice(status.orElseThrow(), message, end);
    device.ifPresent(id -> choice.put("device_id", id));
    return set(user, choice, socket)
        .compose(done -> Json.answer(context, 200, answer(status.get(), message)));
  }

  /**
   * {@code until}, or {@code duration} in seconds, or neither for no end, and perhaps {@code
   * custom_message}; or {@code off} → the choice: {@code
   * {"status":"dnd","custom_message":null,"expires_at":"…"}}.
   */
  Future<Void> dnd(RoutingContext context, User user) {
    Validation fields = new Validation(Fields.of(context));
    boolean off = fields.flag("off");
    Optional<Instant> end = PresenceFields.end(fields, clock.instant(), "until");
    Optional<String> message = message(fields);
    Optional<String> socket = PresenceFields.socket(context, fields);
    if (off && (fields.has("until") || fields.has("duration"))) {
      fields.wrong("off", "prohibits until and duration from being present.");
    }
    fields.done();

    ObjectNode choice = choice(off ? "auto" : "dnd", off ? Optional.empty() : message, end);
    ObjectNode answer = answer(choice.path("status").asText(), off ? Optional.empty() : message);
    answer.put("expires_at", end.map(Instant::toString).orElse(null));
    return set(user, choice, socket).compose(done -> Json.answer(context, 200, answer));
  }

  /**
   * {@code label}, or {@code latitude} and {@code longitude}, or all three, and perhaps {@code
   * expires_at} or {@code duration}, else for an hour → {@code {"location":{…}}}; nothing, or
   * {@code clear}, removes it: {@code {"location":null}}.
   */
  Future<Void> location(RoutingContext context, User user) {
    Validation fields = new Validation(Fields.of(context));
    boolean clear = fields.flag("clear");
    Optional<String> label = fields.text("label", PresenceFields.LABEL_CHARACTERS_MAX);
    Optional<Double> latitude = fields.degrees("latitude", 90);
    Optional<Double> longitude = fields.degrees("longitude", 180);
    Instant now = clock.instant();
    Instant end =
        PresenceFields.end(fields, now).orElseGet(() -> PresenceFields.after(now, LOCATION_LIFE));
    Optional<String> socket = PresenceFields.socket(context, fields);
    pair(fields, "latitude", "longitude");
    pair(fields, "longitude", "latitude");
    if (!clear && !fields.has("label") && !fields.has("latitude")) {
      fields.wrong("label", "is required when latitude is not present.");
    }
    fields.done();

    if (clear) {
      return locate(context, user, Json.NULL, socket);
    }
    ObjectNode location = Json.object();
    label.ifPresent(text -> location.put("label", text));
    latitude.ifPresent(degrees -> location.put("latitude", degrees));
    longitude.ifPresent(degrees -> location.put("longitude", degrees));
    location.put("expires_at", end.toString());
    return locate(context, user, location, socket);
  }

  /** Removes it: {@code {"location":null}}. */
  Future<Void> clearLocation(RoutingContext context, User user) {
    Validation fields = new Validation(Fields.of(context));
    Optional<String> socket = PresenceFields.socket(context, fields);
    fields.done();
    return locate(context, user, Json.NULL, socket);
  }

  private static void pair(Validation fields, String one, String other) {
    if (fields.has(one) && !fields.has(other)) {
      fields.wrong(other, "is required when " + one + " is present.");
    }
  }

  /**
   * A status call replaces the choice as a whole, unless it speaks of one device. So this one
   * speaks of a device that is not there, which changes nothing of any: choice and devices stand,
   * whatever else is said of them at the same time.
   */
  private Future<Void> locate(
      RoutingContext context, User user, JsonNode location, Optional<String> socket) {
    ObjectNode located = Json.object().put("status", "online").put("device_id", noDevice());
    located.set("location", location);
    ObjectNode answer = Json.object();
    answer.set("location", location);
    return set(user, located, socket).compose(done -> Json.answer(context, 200, answer));
  }

  private static String noDevice() {
    return UUID.randomUUID().toString();
  }

  private static Optional<String> message(Validation fields) {
    return fields.text("custom_message", PresenceFields.MESSAGE_CHARACTERS_MAX);
  }

  private static ObjectNode choice(String status, Optional<String> message, Optional<Instant> end) {
    ObjectNode choice = Json.object().put("status", status);
    message.ifPresent(text -> choice.put("custom_message", text));
    end.ifPresent(time -> choice.put("expires_at", time.toString()));
    return choice;
  }

  private static ObjectNode answer(String status, Optional<String> message) {
    return Json.object().put("status", status).put("custom_message", message.orElse(null));
  }

  private Future<ObjectNode> set(User user, ObjectNode choice, Optional<String> socket) {
    return database
        .call(() -> audience.body(user))
        .compose(
            body -> {
              body.setAll(choice);
              socket.ifPresent(id -> body.put("socket_id", id));
              return api.set(user.id(), body);
            });
  }
}
