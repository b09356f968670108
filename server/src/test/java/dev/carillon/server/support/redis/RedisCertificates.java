package dev.carillon.server.support.redis;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/**
 * An authority, and what it signed for a server at 127.0.0.1 (localhost) and for a client. Files,
 * as PEM and as PKCS #12 with {@link #PASSWORD}.
 *
 * @param authority the authority's certificate
 * @param certificate the server's
 * @param key the server's
 * @param clientCertificate the client's
 * @param clientKey the client's
 * @param trustStore with the authority's certificate
 * @param clientKeyStore with the client's certificate and key
 */
public record RedisCertificates(
    Path authority,
    Path certificate,
    Path key,
    Path clientCertificate,
    Path clientKey,
    Path trustStore,
    Path clientKeyStore) {
  /** Of both stores. */
  public static final String PASSWORD = "changeit";

  private static final String STORE_TYPE = "PKCS12";

  /** Makes new ones; those of two calls do not trust each other. */
  public static RedisCertificates in(Path directory) {
    try {
      return make(directory);
    } catch (Exception e) { // what the builder declares
      throw new AssertionError("cannot make certificates", e);
    }
  }

  private static RedisCertificates make(Path directory) throws Exception {
    X509Bundle authority =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=Test authority")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    X509Bundle server =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=localhost")
            .addSanDnsName("localhost")
            .addSanIpAddress("127.0.0.1")
            .buildIssuedBy(authority);
    X509Bundle client =
        new CertificateBuilder().ecp256().subject("CN=client").buildIssuedBy(authority);

    KeyStore trust = KeyStore.getInstance(STORE_TYPE);
    trust.load(null, null);
    trust.setCertificateEntry("authority", authority.getCertificate());
    return new RedisCertificates(
        Files.writeString(directory.resolve("authority.crt"), authority.getCertificatePEM()),
        Files.writeString(directory.resolve("server.crt"), server.getCertificatePEM()),
        Files.writeString(directory.resolve("server.key"), server.getPrivateKeyPEM()),
        Files.writeString(directory.resolve("client.crt"), client.getCertificatePEM()),
        Files.writeString(directory.resolve("client.key"), client.getPrivateKeyPEM()),
        store(trust, directory.resolve("trust.p12")),
        store(
            client.toKeyStore(STORE_TYPE, PASSWORD.toCharArray()),
            directory.resolve("client.p12")));
  }

  private static Path store(KeyStore store, Path file) throws Exception {
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    } catch (IOException e) {
      throw new IOException("cannot write " + file, e);
    }
    return file;
  }

  /** Trusts the authority, and compares the server's name. */
  public SslOptions sslOptions() {
    return trusting().build();
  }

  /** The same, with the client's own certificate. */
  public SslOptions sslOptionsOfClient() {
    return trusting()
        .keyStoreType(STORE_TYPE)
        .keystore(clientKeyStore.toFile(), PASSWORD.toCharArray())
        .build();
  }

  private SslOptions.Builder trusting() {
    return SslOptions.builder()
        .sslVerifyMode(SslVerifyMode.FULL)
        .trustStoreType(STORE_TYPE)
        .truststore(trustStore.toFile(), PASSWORD.toCharArray());
  }
}
