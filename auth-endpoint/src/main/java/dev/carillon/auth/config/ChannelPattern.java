package dev.carillon.auth.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The channels a rule is about, like {@code presence-team.{team}.presence}. A placeholder stands
 * for one or more characters other than the dot, as in Laravel's {@code routes/channels.php};
 * unlike there, the pattern has the channel's {@code private-} or {@code presence-}.
 *
 * <p>Immutable.
 */
public final class ChannelPattern {
  private static final Pattern PART = Pattern.compile("\\{([^{}]*)}|([^{}]+)|([{}])");
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
  private static final Pattern LITERAL = Pattern.compile("[A-Za-z0-9_\\-=@,.;]+");

  private final String text;
  private final List<String> placeholders = new ArrayList<>();
  private final Pattern regex;

  private ChannelPattern(String text) {
    this.text = text;
    if (!text.startsWith("private-") && !text.startsWith("presence-")) {
      throw bad("it must start with private- or presence-: other channels need no authorization");
    }
    this.regex = Pattern.compile(regexOf(text));
  }

  /**
   * The pattern that is written so.
   *
   * @throws IllegalArgumentException if it is of no signed channel, has a character no channel can
   *     have, or a placeholder that is not closed, not named, named twice, or next to another
   */
  public static ChannelPattern of(String text) {
    return new ChannelPattern(text);
  }

  private String regexOf(String pattern) {
    StringBuilder built = new StringBuilder();
    boolean afterPlaceholder = false;
    Matcher part = PART.matcher(pattern);
    while (part.find()) {
      String literal = part.group(2);
      if (part.group(3) != null) {
        throw bad("a placeholder is written {name}, got a single " + part.group(3));
      }
      if (literal != null) {
        built.append(Pattern.quote(checkedLiteral(literal)));
      } else if (afterPlaceholder) {
        throw bad("between two placeholders there must be something");
      } else {
        addPlaceholder(part.group(1));
        built.append("([^.]+)");
      }
      afterPlaceholder = literal == null;
    }
    return built.toString();
  }

  private String checkedLiteral(String literal) {
    if (!LITERAL.matcher(literal).matches()) {
      throw bad("got '" + literal + "', allowed are {placeholders} and A-Z a-z 0-9 _ - = @ , . ;");
    }
    return literal;
  }

  private void addPlaceholder(String name) {
    if (!NAME.matcher(name).matches()) {
      throw bad(
          "placeholder: got {" + name + "}, allowed are a letter, then letters, digits and _");
    }
    if (placeholders.contains(name)) {
      throw bad("placeholder: got {" + name + "} twice");
    }
    placeholders.add(name);
  }

  private IllegalArgumentException bad(String why) {
    return new IllegalArgumentException("channel rule: pattern '" + text + "': " + why);
  }

  /** The placeholders' names, in order. */
  List<String> placeholders() {
    return List.copyOf(placeholders);
  }

  /** What the placeholders stand for in that channel's name; empty if it is none of these. */
  public Optional<Map<String, String>> match(String channel) {
    Matcher matcher = regex.matcher(channel);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < placeholders.size(); i++) {
      values.put(placeholders.get(i), matcher.group(i + 1));
    }
    return Optional.of(values);
  }

  /** The channel's name with that in place of its only placeholder; empty if it has others too. */
  public Optional<String> with(String placeholder, String value) {
    return placeholders.equals(List.of(placeholder))
        ? Optional.of(text.replace("{" + placeholder + "}", value))
        : Optional.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelPattern that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
