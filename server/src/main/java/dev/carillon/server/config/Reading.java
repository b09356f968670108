package dev.carillon.server.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One load: what overrides the file, where each value was given, the mistakes.
 *
 * <p>Confined to one thread.
 */
final class Reading {
  private final Place file;
  private final Map<String, String> environment;
  private final Map<String, Element.Scalar> options;
  private final Map<String, Place> given = new HashMap<>();
  private final Mistakes mistakes = new Mistakes();

  Reading(Place file, Map<String, String> environment, Map<String, Element.Scalar> options) {
    this.file = file;
    this.environment = environment;
    this.options = options;
  }

  Mistakes mistakes() {
    return mistakes;
  }

  /** Remembers where the value of that path was given; the last place counts. */
  void given(String path, Place place) {
    given.put(path, place);
  }

  boolean isGiven(String path) {
    return given.containsKey(path);
  }

  /** Where the value of that path was given; in the file if nowhere. */
  Place place(String path) {
    return given.getOrDefault(path, new Place(file.source(), 0, path));
  }

  /** Whether nothing is wrong with the value of that path, so that it can be compared. */
  boolean isSound(String path) {
    return !mistakes.at(place(path));
  }

  /** What the command line says about that path. */
  Optional<Element.Scalar> option(String path) {
    return Optional.ofNullable(options.get(path));
  }

  /**
   * That variable, read as Laravel reads its {@code .env}: quotes around it are none of it; empty
   * and {@code null} mean that it is not set.
   */
  Optional<Element.Scalar> variable(String name) {
    String text = unquoted(environment.getOrDefault(name, "").strip());
    if (text.isEmpty() || text.equals("null") || text.equals("(null)")) {
      return Optional.empty();
    }
    return Optional.of(new Element.Scalar(new Place("environment", 0, name), text, true));
  }

  private static String unquoted(String text) {
    boolean quoted =
        text.length() > 1
            && text.charAt(0) == text.charAt(text.length() - 1)
            && "\"'".indexOf(text.charAt(0)) >= 0;
    return quoted ? text.substring(1, text.length() - 1) : text;
  }
}
