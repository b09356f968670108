package dev.carillon.server.app;

import java.util.Locale;

/**
 * A pattern for host names in which {@code *} stands for any characters, as in Laravel Reverb:
 * {@code example.com}, {@code *.example.com}, {@code *}.
 *
 * <p>Immutable.
 */
public final class OriginPattern {
  private final Wildcard pattern;

  public OriginPattern(String glob) {
    this.pattern = new Wildcard(glob.toLowerCase(Locale.ROOT));
  }

  /** Whether the whole host matches, whatever its case. */
  public boolean matches(String host) {
    return pattern.matches(host.toLowerCase(Locale.ROOT));
  }
}
