package dev.carillon.server.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The mistakes found so far.
 *
 * <p>Confined to one thread.
 */
final class Mistakes {
  private static final Pattern NOT_PRINTABLE = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029]");

  private final List<Mistake> found = new ArrayList<>();

  private record Mistake(Place place, String message) {
    boolean inFile() {
      return place.line() > 0;
    }

    int line() {
      return place.line();
    }

    // One line each, whatever the file's text.
    String text() {
      return NOT_PRINTABLE.matcher(place + ": " + message).replaceAll("?");
    }
  }

  void add(Place place, String message) {
    found.add(new Mistake(place, message));
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  boolean at(Place place) {
    return found.stream().anyMatch(mistake -> mistake.place().equals(place));
  }

  /** Whether something is wrong with a value whose path starts so. */
  boolean within(String start) {
    return found.stream().anyMatch(mistake -> mistake.place().key().startsWith(start));
  }

  /** All of them, those of the file in the order of its lines. */
  ConfigException toException() {
    return new ConfigException(
        found.stream()
            .sorted(Comparator.comparing(Mistake::inFile).reversed().thenComparing(Mistake::line))
            .map(Mistake::text)
            .toList());
  }
}
