package dev.carillon.server.config;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose bearer tokens the auth endpoint takes.
 *
 * <p>Immutable.
 *
 * @param jwksUrl where the keys are; null with a secret
 * @param secret empty with a URL
 * @param algorithms at least one, all of the kind that URL or secret are for
 * @param userBy {@code id} or {@code email}
 */
public record JwtConfig(
    @Nullable URI jwksUrl,
    String secret,
    String issuer,
    String audience,
    List<String> algorithms,
    String userClaim,
    String userBy) {
  public JwtConfig {
    algorithms = List.copyOf(algorithms);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "JwtConfig[jwksUrl=%s, issuer=%s, audience=%s, algorithms=%s, userClaim=%s, userBy=%s]"
        .formatted(jwksUrl, issuer, audience, algorithms, userClaim, userBy);
  }
}
