package dev.carillon.server.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types of values that keys of the auth endpoint have. */
final class AuthEndpointValues {
  private static final String SERVER =
      "an address like http://127.0.0.1:8080, http or https, or nothing for this file's server";
  private static final int MAX_LENGTH = 2_000;
  private static final Pattern DATABASE = Pattern.compile("jdbc:(h2:|postgresql:)\\P{Cntrl}+");
  // A path of H2's that is neither absolute, nor the user's (~), nor another kind of storage.
  private static final Pattern RELATIVE =
      Pattern.compile("jdbc:h2:(?:file:)?(?!~|/|[A-Za-z][A-Za-z0-9]*:)([^;]+)(.*)");

  private AuthEndpointValues() {}

  /** Nothing is this file's own server. */
  static ValueType<String> serverUrl() {
    ValueType<URI> url = url(SERVER);
    return (element, reading) ->
        element instanceof Element.Scalar scalar && (scalar.isNothing() || scalar.text().isEmpty())
            ? Optional.of("")
            : url.read(element, reading).map(URI::toString);
  }

  static ValueType<URI> jwksUrl() {
    return url("an address like https://id.example.com/jwks.json, http or https");
  }

  private static ValueType<URI> url(String allowed) {
    return ValueTypes.text(allowed, text -> uri(text).isPresent())
        .map(text -> uri(text).orElseThrow());
  }

  private static Optional<URI> uri(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      return Optional.of(uri)
          .filter(u -> http && u.getHost() != null && text.length() <= MAX_LENGTH)
          .filter(u -> u.getRawUserInfo() == null && u.getRawFragment() == null);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** What is no such URL is not shown: it may have a password in it. */
  static ValueType<String> database() {
    return (element, reading) -> {
      if (element instanceof Element.Scalar scalar
          && scalar.text().length() <= MAX_LENGTH
          && DATABASE.matcher(scalar.text()).matches()) {
        return Optional.of(scalar.text());
      }
      if (!(element instanceof Element.Unreadable)) {
        reading
            .mistakes()
            .add(
                element.place(),
                "got something else, allowed is jdbc:h2:… or jdbc:postgresql://…, like"
                    + " jdbc:h2:./data/auth");
      }
      return Optional.empty();
    };
  }

  /** That URL, with a relative path of H2's beside that file. */
  static String relativeTo(Path file, String url) {
    Matcher relative = RELATIVE.matcher(url);
    return relative.matches()
        ? "jdbc:h2:"
            + file.toAbsolutePath().resolveSibling(relative.group(1)).normalize()
            + relative.group(2)
        : url;
  }
}
