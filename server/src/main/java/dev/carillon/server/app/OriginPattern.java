package dev.carillon.server.app;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A pattern for host names in which {@code *} stands for any characters, as in Laravel Reverb:
 * {@code example.com}, {@code *.example.com}, {@code *}.
 *
 * <p>Immutable.
 */
public final class OriginPattern {
  private final Pattern pattern;

  public OriginPattern(String glob) {
    this.pattern =
        Pattern.compile(
            Arrays.stream(glob.toLowerCase(Locale.ROOT).split("\\*", -1))
                .map(Pattern::quote)
                .collect(Collectors.joining(".*")));
  }

  /** Whether the whole host matches, whatever its case. */
  public boolean matches(String host) {
    return pattern.matcher(host.toLowerCase(Locale.ROOT)).matches();
  }
}
