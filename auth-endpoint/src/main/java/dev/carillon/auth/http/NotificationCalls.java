package dev.carillon.auth.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.auth.config.Allow;
import dev.carillon.auth.config.ChannelRule;
import dev.carillon.auth.database.Users;
import dev.carillon.auth.status.StatusApi;
import dev.carillon.auth.user.User;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Notifications from one sample user to another, as a Laravel application broadcasts its own: what
 * do-not-disturb holds can be tried with them. Without sample users there are none, since to notify
 * is the application's business.
 *
 * <p>Thread-safe; never blocks.
 */
final class NotificationCalls {
  private static final String EVENT =
      "Illuminate\\Notifications\\Events\\BroadcastNotificationCreated";
  private static final String TYPE = "App\\Notifications\\MessageFromColleague";
  private static final int ID_CHARACTERS_MAX = 128;
  private static final int COLLEAGUES_MAX = 1_000;

  private final StatusApi api;
  private final List<ChannelRule> rules;
  private final Users users;
  private final BoundedWork database;
  private final InstantSource clock;
  private final boolean offered;

  /**
   * @param offered whether there are any
   */
  NotificationCalls(
      StatusApi api,
      List<ChannelRule> rules,
      Users users,
      BoundedWork database,
      InstantSource clock,
      boolean offered) {
    this.api = api;
    this.rules = rules;
    this.users = users;
    this.database = database;
    this.clock = clock;
    this.offered = offered;
  }

  /**
   * {@code user_id}, of oneself or of somebody in one of one's teams, and {@code message} → {@code
   * {"held":true}} if it waits until the other may be disturbed.
   */
  Future<Void> send(RoutingContext context, User user) {
    if (!offered) {
      throw Refusal.notFound("There are no sample users to notify.");
    }
    Validation fields = new Validation(Fields.of(context));
    fields.required("user_id");
    fields.required("message");
    Optional<String> to = fields.text("user_id", ID_CHARACTERS_MAX);
    Optional<String> message = fields.text("message", PresenceFields.MESSAGE_CHARACTERS_MAX);
    fields.done();

    ObjectNode notification =
        Json.object()
            .put("id", UUID.randomUUID().toString())
            .put("type", TYPE)
            .put("message", message.orElseThrow())
            .put("from", user.name())
            .put("sent_at", clock.instant().toString());
    return database
        .call(() -> channelOf(user, to.orElseThrow()))
        .compose(channel -> api.trigger(channel, EVENT, Json.text(notification)))
        .compose(held -> Json.answer(context, 200, Json.object().put("held", held)));
  }

  private String channelOf(User user, String to) {
    if (!to.equals(user.id()) && !users.colleaguesOf(user.id(), COLLEAGUES_MAX).contains(to)) {
      throw Refusal.forbidden("Only who is in one of your teams can be notified.");
    }
    return rules.stream()
        .filter(rule -> rule.allow() == Allow.USER)
        .flatMap(rule -> rule.pattern().with("id", to).stream())
        .findFirst()
        .orElseThrow(() -> Refusal.notFound("No channel rule is about a user's own channel."));
  }
}
