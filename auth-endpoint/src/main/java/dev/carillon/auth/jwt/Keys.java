package dev.carillon.auth.jwt;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import io.vertx.core.Future;
import java.util.List;

/**
 * What signatures are verified with.
 *
 * <p>Thread-safe; never blocks.
 */
interface Keys {
  /**
   * The verifiers of the keys that may have signed a token with that header, whose algorithm is
   * allowed; fails with {@link KeysUnavailableException}.
   */
  Future<List<JWSVerifier>> verifiers(JWSHeader header);
}
