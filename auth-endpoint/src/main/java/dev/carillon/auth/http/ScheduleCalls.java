package dev.carillon.auth.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.auth.status.StatusApi;
import dev.carillon.auth.status.StatusApiException;
import dev.carillon.auth.status.StatusApiException.Kind;
import dev.carillon.auth.user.User;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The statuses that users plan: "in a meeting until 3 pm".
 *
 * <p>Thread-safe; never blocks.
 */
final class ScheduleCalls {
  private static final Pattern ENTRY = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final StatusApi api;
  private final Audience audience;
  private final BoundedWork database;
  private final InstantSource clock;

  ScheduleCalls(StatusApi api, Audience audience, BoundedWork database, InstantSource clock) {
    this.api = api;
    this.audience = audience;
    this.database = database;
    this.clock = clock;
  }

  /** {@code {"schedule":[{"id":…,"status":…,"custom_message":…,"starts_at":…,"ends_at":…}]}}. */
  Future<Void> list(RoutingContext context, User user) {
    return api.schedule(user.id())
        .recover(
            failure ->
                isUnknown(failure)
                    ? Future.succeededFuture(Json.object().set("schedule", Json.array()))
                    : Future.failedFuture(failure))
        .compose(schedule -> Json.answer(context, 200, schedule));
  }

  /**
   * {@code status}, {@code starts_at}, {@code ends_at} and perhaps {@code custom_message} → 201
   * with the entry and its id.
   */
  Future<Void> add(RoutingContext context, User user) {
    Validation fields = new Validation(Fields.of(context));
    fields.required("status");
    fields.required("starts_at");
    fields.required("ends_at");
    Optional<String> status = fields.oneOf("status", PresenceFields.SCHEDULED);
    Optional<String> message = fields.text("custom_message", PresenceFields.MESSAGE_CHARACTERS_MAX);
    Optional<Instant> start = fields.time("starts_at");
    Optional<Instant> end = fields.timeAfter(clock.instant(), "ends_at");
    if (start.isPresent() && end.isPresent() && !end.get().isAfter(start.get())) {
      fields.wrong("ends_at", "must be a date after starts at.");
    }
    fields.done();

    ObjectNode entry =
        Json.object()
            .put("status", status.orElseThrow())
            .put("starts_at", start.orElseThrow().toString())
            .put("ends_at", end.orElseThrow().toString());
    message.ifPresent(text -> entry.put("custom_message", text));
    return database
        .call(() -> audience.body(user))
        .compose(body -> api.addEntry(user.id(), body.setAll(entry)))
        .compose(added -> Json.answer(context, 201, added));
  }

  /** {@code {}}; 404 if the user has no such entry. */
  Future<Void> cancel(RoutingContext context, User user) {
    String entry = String.valueOf(context.pathParam("entry"));
    if (!ENTRY.matcher(entry).matches()) {
      throw noEntry();
    }
    return api.cancelEntry(user.id(), entry)
        .recover(failure -> Future.<JsonNode>failedFuture(isUnknown(failure) ? noEntry() : failure))
        .compose(done -> Json.answer(context, 200, Json.object()));
  }

  private static boolean isUnknown(Throwable failure) {
    return failure instanceof StatusApiException known && known.kind() == Kind.NOT_FOUND;
  }

  private static Refusal noEntry() {
    return Refusal.notFound("There is no such entry in your schedule.");
  }
}
