package dev.carillon.server.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A part of a configuration file: its text, and where it stands.
 *
 * <p>Immutable.
 */
sealed interface Element {
  Place place();

  /** What was got, as a mistake tells it. */
  String shown();

  /**
   * One value.
   *
   * @param plain whether it stood without quotes, so that it may be a number, a boolean or nothing
   */
  record Scalar(Place place, String text, boolean plain) implements Element {
    private static final int MAX_SHOWN = 80;
    private static final Pattern CREDENTIALS = Pattern.compile("(?<=://).*@", Pattern.DOTALL);

    /** Whether nothing is given: {@code key:}, {@code key: ~} or {@code key: null}. */
    boolean isNothing() {
      return plain && (text.isEmpty() || text.equals("~") || text.equals("null"));
    }

    /** Whether it is {@code true} or {@code false}. */
    boolean isBoolean() {
      return plain && (text.equals("true") || text.equals("false"));
    }

    /** A URL without user and password. */
    @Override
    public String shown() {
      if (isNothing()) {
        return "nothing";
      }
      String safe = CREDENTIALS.matcher(text).replaceFirst("…@");
      String start = safe.length() > MAX_SHOWN ? safe.substring(0, MAX_SHOWN) + "…" : safe;
      return (plain ? "'" : "the text '") + start + "'";
    }
  }

  /** A list. */
  record Items(Place place, List<Element> items) implements Element {
    @Override
    public String shown() {
      return "a list";
    }
  }

  /** Keys and values, each key once. */
  record Mapping(Place place, List<Entry> entries) implements Element {
    @Override
    public String shown() {
      return "keys and values";
    }
  }

  /** What could not be read; its mistake is told already. */
  record Unreadable(Place place) implements Element {
    @Override
    public String shown() {
      return "something unreadable";
    }
  }

  /** A member of a mapping. The place is the key's. */
  record Entry(Place place, String name, Element value) {}
}
