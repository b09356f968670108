package dev.carillon.server.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces {@code ${NAME}} and {@code ${NAME:-default}} from the environment; a doubled dollar
 * before the brace stands for one, and the brace for itself. What is put in is not looked through
 * again.
 *
 * <p>Immutable.
 */
final class Substitution {
  // A default ends at the first brace, so none may begin in it: its rest would stay behind as text.
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?<escaped>\\$\\$\\{)|\\$\\{"
              + "(?:(?<name>[A-Za-z_]\\w*)(?<or>:-(?<default>((?!\\$\\{)[^}])*))?})?");

  private final Map<String, String> environment;

  Substitution(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The scalar with all references replaced; then it is typed as if it stood without quotes. */
  Element apply(Element.Scalar scalar, Mistakes mistakes) {
    if (!scalar.text().contains("${")) {
      return scalar;
    }
    StringBuilder result = new StringBuilder();
    boolean replaced = false;
    boolean whole = true;
    Matcher reference = REFERENCE.matcher(scalar.text());
    while (reference.find()) {
      if (reference.group("escaped") != null) {
        reference.appendReplacement(result, Matcher.quoteReplacement("${"));
        continue;
      }
      String value = value(reference, scalar.place(), mistakes);
      whole &= value != null;
      replaced = true;
      reference.appendReplacement(result, Matcher.quoteReplacement(value == null ? "" : value));
    }
    if (!whole) {
      return new Element.Unreadable(scalar.place());
    }
    String text = reference.appendTail(result).toString();
    return new Element.Scalar(scalar.place(), text, scalar.plain() || replaced);
  }

  private @Nullable String value(Matcher reference, Place place, Mistakes mistakes) {
    String name = reference.group("name");
    if (name == null) {
      mistakes.add(
          place, "got '${', allowed are ${NAME} and ${NAME:-default}; $${ stands for ${ itself");
      return null;
    }
    String value = environment.getOrDefault(name, "");
    boolean hasDefault = reference.group("or") != null;
    if (hasDefault) {
      return value.isEmpty() ? reference.group("default") : value;
    }
    if (!environment.containsKey(name)) {
      mistakes.add(
          place,
          "${%s} is not set in the environment; ${%s:-x} would mean x then".formatted(name, name));
      return null;
    }
    return value;
  }
}
