package dev.carillon.server.transport;

import java.net.URI;

/** Reads the {@code Origin} header. */
final class Origin {
  private Origin() {}

  /** The host of {@code https://example.com:8443}; empty if there is none, as in {@code null}. */
  static String host(String origin) {
    try {
      String host = URI.create(origin).getHost();
      return host == null ? "" : host;
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
