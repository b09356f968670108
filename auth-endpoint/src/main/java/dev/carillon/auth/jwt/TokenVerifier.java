package dev.carillon.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.carillon.auth.config.JwtConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says whom a bearer token names, if the identity provider signed it for us and its time is now.
 * The token's header chooses a key among the provider's, never one of its own ({@code jwk}, {@code
 * jku} and {@code x5u} are not looked at), and its algorithm must be one of those that are
 * configured, which are of one kind. Source: RFC 8725.
 *
 * <p>Thread-safe; never blocks.
 */
public final class TokenVerifier {
  private static final Duration LEEWAY = Duration.ofSeconds(30);
  private static final int LENGTH_MAX = 8 * 1024;

  private final JwtConfig config;
  private final Keys keys;
  private final InstantSource clock;

  public TokenVerifier(Vertx vertx, JwtConfig config, InstantSource clock) {
    URI url = config.jwksUrl();
    this.config = config;
    this.keys =
        url == null ? new SharedSecret(config.secret()) : new PublishedKeys(vertx, url, clock);
    this.clock = clock;
  }

  /**
   * What the configured claim says; fails with {@link InvalidTokenException} or {@link
   * KeysUnavailableException}.
   */
  public Future<String> user(String token) {
    try {
      SignedJWT jwt = parse(token);
      return keys.verifiers(jwt.getHeader())
          .map(
              verifiers -> {
                if (verifiers.stream().noneMatch(verifier -> isSigned(jwt, verifier))) {
                  throw new InvalidTokenException("the signature is of none of the known keys");
                }
                return user(claims(jwt));
              });
    } catch (InvalidTokenException e) {
      return Future.failedFuture(e);
    }
  }

  private SignedJWT parse(String token) {
    if (token.length() > LENGTH_MAX) {
      throw new InvalidTokenException("the token is too long");
    }
    SignedJWT jwt;
    try {
      // Without a signature (alg: none) it is none of these.
      jwt = SignedJWT.parse(token);
    } catch (ParseException e) {
      throw new InvalidTokenException("it is no signed JWT");
    }
    if (!config.algorithms().contains(jwt.getHeader().getAlgorithm().getName())) {
      throw new InvalidTokenException("the algorithm is not allowed");
    }
    return jwt;
  }

  private static boolean isSigned(SignedJWT jwt, JWSVerifier verifier) {
    try {
      return jwt.verify(verifier);
    } catch (JOSEException e) {
      // The key and the algorithm do not go together, so it was not signed with that key.
      return false;
    }
  }

  private static JWTClaimsSet claims(SignedJWT jwt) {
    try {
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      if (claims == null) {
        throw new InvalidTokenException("there are no claims");
      }
      return claims;
    } catch (ParseException e) {
      throw new InvalidTokenException("the claims are not of their form");
    }
  }

  private String user(JWTClaimsSet claims) {
    if (!config.issuer().equals(claims.getIssuer())) {
      throw new InvalidTokenException("the issuer is another one");
    }
    List<String> audience = claims.getAudience();
    if (audience == null || !audience.contains(config.audience())) {
      throw new InvalidTokenException("the audience is another one");
    }
    checkTime(claims);
    Object user = claims.getClaim(config.userClaim());
    if (user instanceof Long || user instanceof Integer) {
      return user.toString();
    }
    if (user instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw new InvalidTokenException("the claim " + config.userClaim() + " names nobody");
  }

  private void checkTime(JWTClaimsSet claims) {
    Instant now = clock.instant();
    Date expiry = claims.getExpirationTime();
    if (expiry == null || !now.isBefore(expiry.toInstant().plus(LEEWAY))) {
      throw new InvalidTokenException("it has expired, or would never");
    }
    if (isLater(claims.getNotBeforeTime(), now) || isLater(claims.getIssueTime(), now)) {
      throw new InvalidTokenException("its time has not come");
    }
  }

  private static boolean isLater(@Nullable Date time, Instant now) {
    return time != null && time.toInstant().minus(LEEWAY).isAfter(now);
  }
}
