package dev.carillon.server.config;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is read of {@code auth_endpoint.jwt}.
 *
 * <p>Confined to one thread.
 */
final class JwtDraft {
  private static final int SECRET_BYTES_MIN = 32;
  private static final List<String> SYMMETRIC = List.of("HS256", "HS384", "HS512");
  private static final List<String> ASYMMETRIC =
      List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

  private @Nullable URI jwksUrl;
  private String secret = "";
  private String issuer = "";
  private String audience = "";
  private List<String> algorithms = List.of();
  private String userClaim = "sub";
  private String userBy = "id";

  void jwksUrl(URI value) {
    this.jwksUrl = value;
  }

  void secret(String value) {
    this.secret = value;
  }

  void issuer(String value) {
    this.issuer = value;
  }

  void audience(String value) {
    this.audience = value;
  }

  void algorithms(List<String> values) {
    this.algorithms = values;
  }

  void userClaim(String value) {
    this.userClaim = value;
  }

  void userBy(String value) {
    this.userBy = value;
  }

  static ValueType<String> claim() {
    return ValueTypes.text("the name of a claim, like sub", text -> !text.isBlank());
  }

  static ValueType<String> identifier() {
    return ValueTypes.text("a text, compared as it is", text -> !text.isBlank());
  }

  static ValueType<String> by() {
    List<String> allowed = List.of("id", "email");
    return ValueTypes.text("one of " + String.join(", ", allowed), allowed::contains);
  }

  static ValueType<String> algorithm() {
    return ValueTypes.text(
        "one of "
            + String.join(", ", ASYMMETRIC)
            + ", with a secret "
            + String.join(", ", SYMMETRIC),
        text -> ASYMMETRIC.contains(text) || SYMMETRIC.contains(text));
  }

  /** Reads it; it needs the keys, of one kind, and whom the tokens are from and for. */
  static void read(Element element, AuthEndpointConfig.Builder into, Reading reading) {
    JwtDraft draft = new JwtDraft();
    Keys.JWT.read(element, draft, reading);
    if (element instanceof Element.Mapping && draft.isWhole(element.place(), reading)) {
      into.jwt(draft.build());
    }
  }

  private JwtConfig build() {
    List<String> allowed =
        algorithms.isEmpty() ? List.of(jwksUrl == null ? "HS256" : "RS256") : algorithms;
    return new JwtConfig(jwksUrl, secret, issuer, audience, allowed, userClaim, userBy);
  }

  private boolean isWhole(Place place, Reading reading) {
    String path = place.key();
    if (reading.mistakes().within(path + ".")) {
      return false;
    }
    for (String key : List.of("issuer", "audience")) {
      if (!reading.isGiven(path + "." + key)) {
        reading.mistakes().add(place.child(key, place.line()), "missing; jwt needs one");
      }
    }
    if ((jwksUrl == null) == secret.isEmpty()) {
      String got = jwksUrl == null ? "neither" : "both";
      reading.mistakes().add(place, "got " + got + ", allowed is one of jwks_url and secret");
    } else {
      kinds(path, reading);
    }
    return !reading.mistakes().within(path + ".") && (jwksUrl == null) != secret.isEmpty();
  }

  private void kinds(String path, Reading reading) {
    List<String> allowed = jwksUrl == null ? SYMMETRIC : ASYMMETRIC;
    if (!allowed.containsAll(algorithms)) {
      reading
          .mistakes()
          .add(
              reading.place(path + ".algorithms"),
              "got "
                  + algorithms
                  + ", allowed with "
                  + (jwksUrl == null ? "secret" : "jwks_url")
                  + " are "
                  + String.join(", ", allowed));
    }
    if (jwksUrl == null && secret.getBytes(StandardCharsets.UTF_8).length < SECRET_BYTES_MIN) {
      reading
          .mistakes()
          .add(
              reading.place(path + ".secret"),
              "got a short one, allowed are " + SECRET_BYTES_MIN + " bytes or more");
    }
  }
}
