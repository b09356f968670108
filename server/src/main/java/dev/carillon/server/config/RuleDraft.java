package dev.carillon.server.config;

import java.util.Optional;

/**
 * A channel rule that is being read.
 *
 * <p>Confined to one thread.
 */
final class RuleDraft {
  private String pattern = "";
  private String allow = "";

  void pattern(String value) {
    this.pattern = value;
  }

  void allow(String value) {
    this.allow = value;
  }

  /** A rule; it needs both, and in the pattern the placeholder that {@code allow} is about. */
  static ValueType<AuthEndpointConfig.Rule> type() {
    return (element, reading) -> {
      RuleDraft draft = new RuleDraft();
      Keys.RULE.read(element, draft, reading);
      if ((element instanceof Element.Scalar scalar && !scalar.isNothing())
          || element instanceof Element.Items
          || element instanceof Element.Unreadable) {
        return Optional.empty();
      }
      return draft.complete(element.place(), reading);
    };
  }

  private Optional<AuthEndpointConfig.Rule> complete(Place place, Reading reading) {
    String path = place.key();
    boolean whole = true;
    for (String key : new String[] {"pattern", "allow"}) {
      if (!reading.isGiven(path + "." + key)) {
        reading.mistakes().add(place.child(key, place.line()), "missing; every rule needs one");
        whole = false;
      }
    }
    if (!whole || pattern.isEmpty() || allow.isEmpty()) {
      return Optional.empty();
    }
    String needed = needed(allow);
    if (!pattern.contains(needed)) {
      reading
          .mistakes()
          .add(
              reading.place(path + ".pattern"),
              "got '" + pattern + "', but allow: " + allow + " needs " + needed + " in it");
    }
    return Optional.of(new AuthEndpointConfig.Rule(pattern, allow));
  }

  private static String needed(String allow) {
    return switch (allow) {
      case "user" -> "{id}";
      case "member-of-team" -> "{team}";
      default -> "";
    };
  }
}
