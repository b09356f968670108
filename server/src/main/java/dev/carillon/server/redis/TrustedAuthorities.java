package dev.carillon.server.redis;

import dev.carillon.server.config.CertificateFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** TLS that trusts the authorities of a PEM file. */
final class TrustedAuthorities {
  private static final String TYPE = "PKCS12";

  private TrustedAuthorities() {}

  /**
   * Options for connections.
   *
   * @throws JedisConnectionException if the file cannot be read, or holds no certificate
   */
  static SslOptions of(Path pem) {
    char[] password = "in memory only".toCharArray(); // the format wants one
    byte[] store = store(pem, password);
    return SslOptions.builder()
        .trustStoreType(TYPE)
        .truststore(() -> new ByteArrayInputStream(store), password)
        .sslVerifyMode(SslVerifyMode.FULL)
        .build();
  }

  private static byte[] store(Path pem, char[] password) {
    try {
      KeyStore trusted = KeyStore.getInstance(TYPE);
      trusted.load(null, password);
      for (Certificate authority : CertificateFile.read(pem)) {
        trusted.setCertificateEntry("authority-" + trusted.size(), authority);
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      trusted.store(out, password);
      return out.toByteArray();
    } catch (IOException | GeneralSecurityException failure) {
      throw new JedisConnectionException("scaling.redis.ca: " + pem + " " + failure.getMessage());
    }
  }
}
