package dev.carillon.auth.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads fields as Laravel's validator would: texts are stripped, empty ones are none, what is wrong
 * is collected in its words, and what is allowed is added to them.
 *
 * <p>Confined to its request.
 */
final class Validation {
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");
  private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,30})?");
  private static final int TIME_LENGTH_MAX = 40;
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private final Fields fields;
  private final Map<String, List<String>> errors = new LinkedHashMap<>();

  Validation(Fields fields) {
    this.fields = fields;
  }

  /** Whether anything was sent under that name. */
  boolean has(String name) {
    return fields.value(name).isPresent();
  }

  /** Says that the field is wrong: {@code The … field} and that. */
  void wrong(String name, String why) {
    errors
        .computeIfAbsent(name, key -> new ArrayList<>())
        .add("The " + name.replace('_', ' ') + " field " + why);
  }

  void required(String name) {
    if (!has(name)) {
      wrong(name, "is required.");
    }
  }

  /** A text of so many characters at most. */
  Optional<String> text(String name, int max) {
    Optional<String> text = text(name);
    if (text.isPresent() && text.get().codePointCount(0, text.get().length()) > max) {
      wrong(name, "must not be greater than " + max + " characters.");
      return Optional.empty();
    }
    return text;
  }

  private Optional<String> text(String name) {
    Optional<JsonNode> value = fields.value(name);
    if (value.isPresent() && !value.get().isTextual()) {
      wrong(name, "must be a string.");
      return Optional.empty();
    }
    return value.map(JsonNode::textValue).map(String::strip);
  }

  /** One of those texts. */
  Optional<String> oneOf(String name, List<String> allowed) {
    Optional<String> text = text(name);
    if (text.isPresent() && !allowed.contains(text.get())) {
      errors
          .computeIfAbsent(name, key -> new ArrayList<>())
          .add(
              "The selected "
                  + name.replace('_', ' ')
                  + " is invalid. Allowed are "
                  + String.join(", ", allowed)
                  + ".");
      return Optional.empty();
    }
    return text;
  }

  /** An absolute time, in ISO 8601. */
  Optional<Instant> time(String name) {
    Optional<String> text = text(name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Optional<Instant> time = parsed(text.get());
    if (time.isEmpty()) {
      wrong(name, "must be a date with a time zone, like 2026-01-05T15:00:00Z.");
    }
    return time;
  }

  /** Such a time, later than now. */
  Optional<Instant> timeAfter(Instant now, String name) {
    Optional<Instant> time = time(name);
    if (time.isPresent() && !time.get().isAfter(now)) {
      wrong(name, "must be a date after now.");
      return Optional.empty();
    }
    return time;
  }

  private static Optional<Instant> parsed(String text) {
    if (text.length() > TIME_LENGTH_MAX) {
      return Optional.empty();
    }
    try {
      Instant time = OffsetDateTime.parse(text).toInstant();
      return Optional.of(time).filter(t -> t.isAfter(Instant.EPOCH) && !t.isAfter(LATEST));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** A whole number within those bounds, also as a text, since forms know nothing else. */
  Optional<Integer> whole(String name, int min, int max) {
    Optional<JsonNode> value = fields.value(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    String text = value.get().isIntegralNumber() ? value.get().asText() : string(value.get());
    if (!WHOLE.matcher(text).matches()) {
      wrong(name, "must be an integer.");
      return Optional.empty();
    }
    long number = Long.parseLong(text);
    if (number < min || number > max) {
      wrong(name, "must be between " + min + " and " + max + ".");
      return Optional.empty();
    }
    return Optional.of((int) number);
  }

  /** A number between minus and plus that. */
  Optional<Double> degrees(String name, int max) {
    Optional<JsonNode> value = fields.value(name);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    boolean number = value.get().isNumber();
    if (!number && !DECIMAL.matcher(string(value.get())).matches()) {
      wrong(name, "must be a number.");
      return Optional.empty();
    }
    double degrees = number ? value.get().doubleValue() : Double.parseDouble(string(value.get()));
    // A number of JSON may be beyond what a double holds.
    if (!(Math.abs(degrees) <= max)) {
      wrong(name, "must be between -" + max + " and " + max + ".");
      return Optional.empty();
    }
    return Optional.of(degrees);
  }

  /** Yes or no, in the forms that Laravel takes. */
  boolean flag(String name) {
    Optional<JsonNode> value = fields.value(name);
    String text = value.map(JsonNode::asText).map(String::strip).orElse("false");
    if (value.filter(JsonNode::isContainerNode).isEmpty()) {
      switch (text) {
        case "true", "1", "on", "yes" -> {
          return true;
        }
        case "false", "0", "off", "no" -> {
          return false;
        }
        default -> {}
      }
    }
    wrong(name, "must be true or false.");
    return false;
  }

  private static String string(JsonNode value) {
    return value.isTextual() ? value.textValue().strip() : "";
  }

  /**
   * Ends it.
   *
   * @throws Refusal 422 if anything was wrong
   */
  void done() {
    if (!errors.isEmpty()) {
      throw Refusal.invalid(errors);
    }
  }
}
