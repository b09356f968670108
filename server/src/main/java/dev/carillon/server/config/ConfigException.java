package dev.carillon.server.config;

import java.util.List;

/** A configuration with mistakes, all of them. Quiet: without stack trace. */
public final class ConfigException extends Exception {
  private final List<String> mistakes;

  ConfigException(List<String> mistakes) {
    super(String.join("\n", mistakes), null, false, false);
    this.mistakes = List.copyOf(mistakes);
  }

  /**
   * At least one; each a line like {@code config.yaml:14: apps[0].max_conections: unknown key; did
   * you mean max_connections?}
   */
  public List<String> mistakes() {
    return mistakes;
  }
}
