package dev.carillon.server.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/**
 * What a delivery asks the machine for.
 *
 * <p>Thread-safe.
 */
interface Network {
  /** The addresses of a name; blocks. */
  InetAddress[] resolve(String host) throws UnknownHostException;

  /** Whose certificates are trusted. */
  SSLSocketFactory tls();

  /** The system's names, the JVM's trust store. */
  static Network system() {
    return new Network() {
      @Override
      public InetAddress[] resolve(String host) throws UnknownHostException {
        return InetAddress.getAllByName(host);
      }

      @Override
      public SSLSocketFactory tls() {
        try {
          return SSLContext.getDefault().getSocketFactory();
        } catch (NoSuchAlgorithmException e) {
          throw new IllegalStateException("the JVM has no TLS", e);
        }
      }
    };
  }
}
