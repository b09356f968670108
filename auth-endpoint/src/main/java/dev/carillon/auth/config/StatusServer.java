package dev.carillon.auth.config;

import java.net.URI;

/**
 * The Carillon server that is told of users' statuses, and asked for them.
 *
 * <p>Immutable.
 *
 * @param url where it is, for example {@code http://127.0.0.1:8080}; a path comes before {@code
 *     /apps}
 * @param appId of the app, whose credentials sign
 */
public record StatusServer(URI url, String appId) {
  /**
   * @throws IllegalArgumentException if the URL is of another form
   */
  public StatusServer {
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!http || url.getHost() == null || url.getRawQuery() != null) {
      throw new IllegalArgumentException(
          "server_url: got '" + url + "', allowed is one like http://127.0.0.1:8080");
    }
  }

  /** The URL's path without a slash at its end: empty, or like {@code /ws}. */
  public String prefix() {
    String path = url.getRawPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
