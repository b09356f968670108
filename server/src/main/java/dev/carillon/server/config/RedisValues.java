package dev.carillon.server.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The types of values that the keys of Redis have. */
final class RedisValues {
  private static final int MAX_LENGTH = 1_000;
  private static final Pattern PREFIX =
      Pattern.compile("[^\\s\\p{Cntrl}{}]+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern MASTER = Pattern.compile("[A-Za-z0-9._-]+");

  private RedisValues() {}

  /** Redis Cluster takes what stands in braces for the whole key's place: they are the server's. */
  static ValueType<String> prefix() {
    return ValueTypes.text(
        "a text without { } and spaces, like carillon:", text -> matches(PREFIX, text));
  }

  static ValueType<String> master() {
    return ValueTypes.text(
        "a master's name of letters, digits and . - _, like mymaster",
        text -> matches(MASTER, text));
  }

  static ValueType<List<HostPort>> nodes() {
    ValueType<List<HostPort>> nodes =
        ValueType.of(
                "a host and port, like 10.0.0.1:26379 or \"[::1]:26379\"",
                scalar ->
                    scalar.isNothing() ? Optional.<HostPort>empty() : HostPort.parse(scalar.text()))
            .list("[10.0.0.1:26379]");
    return (element, reading) -> {
      if (element instanceof Element.Items items && items.items().isEmpty()) {
        reading.mistakes().add(element.place(), "got none, allowed is at least one");
      }
      return nodes.read(element, reading);
    };
  }

  private static boolean matches(Pattern pattern, String text) {
    return text.length() <= MAX_LENGTH && pattern.matcher(text).matches();
  }
}
