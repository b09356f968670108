package dev.carillon.auth.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a request's body, whichever way it is written: JSON object, form, or multipart
 * form.
 *
 * <p>Confined to its request.
 */
final class Fields {
  private final Map<String, JsonNode> values = new HashMap<>();

  private Fields() {}

  /**
   * The fields of that request; none if its body is of another kind.
   *
   * @throws Refusal 400 if it says it is JSON, and is no JSON object
   */
  static Fields of(RoutingContext context) {
    Fields fields = new Fields();
    if (isJson(context)) {
      fields.readJson(context);
    } else {
      context
          .request()
          .formAttributes()
          .forEach((name, value) -> fields.values.putIfAbsent(name, Json.of(value)));
    }
    return fields;
  }

  /** Whether the body is JSON. */
  static boolean isJson(RoutingContext context) {
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/json");
  }

  private void readJson(RoutingContext context) {
    String body = context.body().asString();
    if (body == null || body.isBlank()) {
      return;
    }
    JsonNode parsed = Json.parse(body);
    if (!parsed.isObject()) {
      throw Refusal.badRequest("The body is no JSON object.");
    }
    parsed.properties().forEach(field -> values.put(field.getKey(), field.getValue()));
  }

  /**
   * The fields of those names, in that order.
   *
   * @throws Refusal 422 that names each of them that is missing, empty, or no text
   */
  List<String> required(String... names) {
    Map<String, List<String>> errors = new LinkedHashMap<>();
    for (String name : names) {
      JsonNode value = values.get(name);
      String label = name.replace('_', ' ');
      if (value == null || value.isNull() || (value.isTextual() && value.textValue().isEmpty())) {
        errors.put(name, List.of("The " + label + " field is required."));
      } else if (!value.isTextual()) {
        errors.put(name, List.of("The " + label + " field must be a string."));
      }
    }
    if (!errors.isEmpty()) {
      throw Refusal.invalid(errors);
    }
    return List.of(names).stream().map(name -> optional(name).orElseThrow()).toList();
  }

  /** The field of that name, of whatever type; nothing, null and an empty text are the same. */
  Optional<JsonNode> value(String name) {
    return Optional.ofNullable(values.get(name))
        .filter(value -> !value.isNull())
        .filter(value -> !value.isTextual() || !value.textValue().isBlank());
  }

  /** The field of that name, if it is there and is a text. */
  Optional<String> optional(String name) {
    return Optional.ofNullable(values.get(name))
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue);
  }
}
