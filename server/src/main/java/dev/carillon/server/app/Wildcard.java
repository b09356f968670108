package dev.carillon.server.app;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A pattern in which {@code *} stands for any characters, and all others for themselves.
 *
 * <p>Immutable.
 */
public final class Wildcard {
  private final Pattern pattern;

  public Wildcard(String glob) {
    this.pattern =
        Pattern.compile(
            Arrays.stream(glob.split("\\*", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*")),
            Pattern.DOTALL);
  }

  /** Whether the whole text matches. */
  public boolean matches(String text) {
    return pattern.matcher(text).matches();
  }
}
