package dev.carillon.auth.http;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.SocketId;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the fields of the presence calls may be. */
final class PresenceFields {
  static final String SOCKET_HEADER = "X-Socket-ID";

  static final List<String> CHOICES =
      List.of("online", "away", "busy", "offline", "dnd", "invisible", "auto");
  static final List<String> SCHEDULED =
      List.of("online", "away", "busy", "offline", "dnd", "invisible");
  static final int MESSAGE_CHARACTERS_MAX = 100;
  static final int DEVICE_ID_CHARACTERS_MAX = 64;
  static final int LABEL_CHARACTERS_MAX = 100;
  static final int DURATION_SECONDS_MAX = (int) Duration.ofDays(366).toSeconds();

  private static final Duration JUST_UNDER_A_SECOND = Duration.ofSeconds(1).minusNanos(1);
  private static final Pattern FIELD =
      Pattern.compile(
          "\\b(status|custom_message|expires_at|duration|device_id|starts_at|ends_at|label"
              + "|latitude|longitude|location|socket_id|schedule|channels|profile)\\b");

  private PresenceFields() {}

  /** The end of something: {@code expires_at}, or {@code duration} in seconds; not both. */
  static Optional<Instant> end(Validation fields, Instant now) {
    return end(fields, now, "expires_at");
  }

  /** The end of something, by that name or as a {@code duration}. */
  static Optional<Instant> end(Validation fields, Instant now, String name) {
    if (fields.has(name) && fields.has("duration")) {
      fields.wrong("duration", "prohibits " + name.replace('_', ' ') + " from being present.");
      return Optional.empty();
    }
    return fields
        .timeAfter(now, name)
        .or(
            () ->
                fields
                    .whole("duration", 1, DURATION_SECONDS_MAX)
                    .map(seconds -> after(now, Duration.ofSeconds(seconds))));
  }

  /** So much later, in whole seconds as the server tells times, and never too early. */
  static Instant after(Instant now, Duration life) {
    return now.plus(life).plus(JUST_UNDER_A_SECOND).truncatedTo(ChronoUnit.SECONDS);
  }

  /**
   * The connection that shall not be told: header {@code X-Socket-ID}, or field {@code socket_id}
   * for a beacon, which has no headers of its own.
   */
  static Optional<String> socket(RoutingContext context, Validation fields) {
    Optional<String> sent =
        Optional.ofNullable(context.request().getHeader(SOCKET_HEADER))
            .filter(header -> !header.isBlank())
            .or(() -> fields.text("socket_id", DEVICE_ID_CHARACTERS_MAX));
    try {
      return sent.map(SocketId::new).map(SocketId::value);
    } catch (ProtocolException e) {
      fields.wrong("socket_id", "must be a socket id, like 1234.1234.");
      return Optional.empty();
    }
  }

  /** Which field a refusal of the server's is about: the first one that it names. */
  static String named(String refusal) {
    Matcher field = FIELD.matcher(refusal);
    return field.find() ? field.group(1) : "status";
  }
}
