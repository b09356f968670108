package dev.carillon.auth.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** The token of an {@code Authorization: Bearer …} header. */
final class Bearer {
  private static final String SCHEME = "Bearer ";

  private Bearer() {}

  static boolean isIn(HttpServerRequest request) {
    return token(request).isPresent();
  }

  static Optional<String> token(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
        .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
        .map(value -> value.substring(SCHEME.length()).strip());
  }
}
