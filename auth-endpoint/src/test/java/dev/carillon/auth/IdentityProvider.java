package dev.carillon.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.carillon.auth.config.JwtConfig;
import dev.carillon.auth.config.JwtConfig.UserBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Signs tokens, and publishes its keys on loopback. */
final class IdentityProvider implements AutoCloseable {
  static final String ISSUER = "https://id.example.com/";
  static final String AUDIENCE = "carillon";

  private final HttpServer server;
  private final List<JWK> keys = new ArrayList<>();
  private final Semaphore fetches = new Semaphore(0);
  final AtomicInteger asked = new AtomicInteger();
  volatile int status = 200;

  IdentityProvider() {
    try {
      server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext(
        "/jwks.json",
        exchange -> {
          asked.incrementAndGet();
          fetches.release();
          byte[] body;
          synchronized (keys) {
            body = new JWKSet(keys).toString().getBytes(StandardCharsets.UTF_8);
          }
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks.json");
  }

  /**
   * To take tokens of its keys, signed by one of those algorithms, for the user of their subject.
   */
  JwtConfig config(String... algorithms) {
    return new JwtConfig(url(), "", ISSUER, AUDIENCE, List.of(algorithms), "sub", UserBy.ID);
  }

  static RSAKey rsa(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static ECKey ec(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until somebody has asked for its keys once more. */
  void nextFetch() {
    try {
      if (!fetches.tryAcquire(10, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody asked");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Publishes it from now on. */
  <K extends JWK> K publish(K key) {
    synchronized (keys) {
      keys.add(key);
    }
    return key;
  }

  /** Publishes it no more. */
  void withdraw(JWK key) {
    synchronized (keys) {
      keys.remove(key);
    }
  }

  /** Claims that are right, for the user of that id. */
  static JWTClaimsSet.Builder claims(String user) {
    return claims(user, Instant.now());
  }

  /** Claims that are right at that time. */
  static JWTClaimsSet.Builder claims(String user, Instant now) {
    return new JWTClaimsSet.Builder()
        .subject(user)
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(300)));
  }

  static String sign(RSAKey key, JWTClaimsSet claims) {
    return sign(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()), key, claims);
  }

  static String sign(JWSHeader.Builder header, RSAKey key, JWTClaimsSet claims) {
    try {
      return sign(header, new RSASSASigner(key), claims);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static String sign(ECKey key, JWTClaimsSet claims) {
    try {
      return sign(
          new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()),
          new ECDSASigner(key),
          claims);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static String sign(JWSHeader.Builder header, JWSSigner signer, JWTClaimsSet claims) {
    try {
      SignedJWT jwt = new SignedJWT(header.type(JOSEObjectType.JWT).build(), claims);
      jwt.sign(signer);
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
