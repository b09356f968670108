package dev.carillon.auth.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import io.vertx.core.Future;
import java.util.List;

/**
 * One secret that both sides have.
 *
 * <p>Immutable.
 */
final class SharedSecret implements Keys {
  private final byte[] secret;

  SharedSecret(String secret) {
    this.secret = secret.getBytes(UTF_8);
  }

  @Override
  public Future<List<JWSVerifier>> verifiers(JWSHeader header) {
    try {
      return Future.succeededFuture(List.of(new MACVerifier(secret)));
    } catch (JOSEException e) {
      throw new IllegalStateException("a secret of 32 bytes or more is a key", e);
    }
  }
}
