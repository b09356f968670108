package dev.carillon.auth.config;

import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose bearer tokens name a user. The keys are either at a URL, and asymmetric, or one shared
 * secret: never both, so that a public key cannot be taken for a secret.
 *
 * <p>Immutable.
 *
 * @param jwksUrl where the identity provider's keys are; null with a secret
 * @param secret shared with the identity provider, at least 32 bytes; empty with a URL
 * @param issuer what {@code iss} must be
 * @param audience what {@code aud} must be or contain
 * @param algorithms that are allowed: of {@link #ASYMMETRIC} with a URL, of {@link #SYMMETRIC} with
 *     a secret
 * @param userClaim whose value names the user
 * @param userBy which column of the users it is: {@link UserBy#ID} or {@link UserBy#EMAIL}
 */
public record JwtConfig(
    @Nullable URI jwksUrl,
    String secret,
    String issuer,
    String audience,
    List<String> algorithms,
    String userClaim,
    UserBy userBy) {
  public static final Set<String> SYMMETRIC = Set.of("HS256", "HS384", "HS512");
  public static final Set<String> ASYMMETRIC =
      Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

  private static final int SECRET_BYTES_MIN = 32;

  /** What names a user. */
  public enum UserBy {
    ID,
    EMAIL
  }

  /**
   * @throws IllegalArgumentException if they do not go together
   */
  public JwtConfig {
    algorithms = List.copyOf(algorithms);
    if ((jwksUrl == null) == secret.isEmpty()) {
      throw new IllegalArgumentException("jwt: allowed is one of jwks_url and secret");
    }
    if (jwksUrl == null
        && secret.getBytes(java.nio.charset.StandardCharsets.UTF_8).length < SECRET_BYTES_MIN) {
      throw new IllegalArgumentException(
          "jwt: secret: allowed are " + SECRET_BYTES_MIN + " bytes or more");
    }
    Set<String> possible = jwksUrl == null ? SYMMETRIC : ASYMMETRIC;
    if (algorithms.isEmpty() || !possible.containsAll(algorithms)) {
      throw new IllegalArgumentException(
          "jwt: algorithms: got "
              + algorithms
              + ", allowed are "
              + possible.stream().sorted().toList());
    }
    if (issuer.isEmpty() || audience.isEmpty() || userClaim.isEmpty()) {
      throw new IllegalArgumentException("jwt: issuer, audience and user_claim are needed");
    }
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "JwtConfig[jwksUrl=%s, issuer=%s, audience=%s, algorithms=%s, userClaim=%s, userBy=%s]"
        .formatted(jwksUrl, issuer, audience, algorithms, userClaim, userBy);
  }
}
