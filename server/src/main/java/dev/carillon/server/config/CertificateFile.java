package dev.carillon.server.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;

/** A PEM file of certificates. */
public final class CertificateFile {
  private CertificateFile() {}

  /**
   * Reads all certificates of a file, at least one.
   *
   * @throws IOException if there is none; its message goes on where one has named the file, as in
   *     {@code cannot be read: permission denied}
   */
  public static List<Certificate> read(Path file) throws IOException {
    List<Certificate> certificates = parsed(bytes(file));
    if (certificates.isEmpty()) {
      throw new IOException("holds no certificate");
    }
    return certificates;
  }

  private static byte[] bytes(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException failure) {
      throw new IOException("cannot be read: " + FileFailure.reason(failure), failure);
    }
  }

  private static List<Certificate> parsed(byte[] pem) throws IOException {
    try {
      return List.copyOf(
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem)));
    } catch (CertificateException failure) {
      throw new IOException("holds something that is no certificate", failure);
    }
  }
}
