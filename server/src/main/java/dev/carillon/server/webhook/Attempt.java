package dev.carillon.server.webhook;

import dev.carillon.protocol.auth.WebhookAuth;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One POST of one delivery over a connection of its own. The address is looked up once, judged, and
 * connected to, so that a name cannot change in between; redirects are not followed. The header's
 * case is kept: Pusher's PHP library looks for {@code X-Pusher-Key} as it is written here.
 *
 * <p>{@link #run} blocks its thread; {@link #abandon} may be called by another.
 */
final class Attempt {
  private final Endpoint endpoint;
  private final Delivery delivery;
  private final Network network;
  private final long deadlineNanos;
  private volatile @Nullable Socket socket;
  private volatile boolean abandoned;

  Attempt(Endpoint endpoint, Delivery delivery, Network network) {
    this.endpoint = endpoint;
    this.delivery = delivery;
    this.network = network;
    this.deadlineNanos = System.nanoTime() + endpoint.config().timeout().toNanos();
  }

  /** The status of the answer. */
  int run() throws IOException {
    URI url = endpoint.config().url();
    boolean tls = url.getScheme().equalsIgnoreCase("https");
    int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
    String host = url.getHost().replaceAll("[\\[\\]]", ""); // as of an IPv6 address
    try (Socket plain = connect(host, port)) {
      if (!tls) {
        return exchange(plain);
      }
      try (Socket secure = secured(plain, host, port)) {
        return exchange(secure);
      }
    }
  }

  /** Ends it from outside: the time is over. */
  void abandon() {
    abandoned = true;
    Socket open = socket;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        abandoned = true; // it is closed all the same
      }
    }
  }

  private Socket connect(String host, int port) throws IOException {
    IOException why = new IOException("no address");
    for (InetAddress address : network.resolve(host)) {
      if (!endpoint.config().allowLinkLocal() && AddressRules.refuses(address)) {
        why =
            new IOException(
                address.getHostAddress() + " is link-local or metadata: see allow_link_local");
        continue;
      }
      Socket candidate = new Socket(Proxy.NO_PROXY);
      socket = candidate;
      try {
        candidate.setTcpNoDelay(true);
        candidate.connect(new InetSocketAddress(address, port), millisLeft());
        return candidate;
      } catch (IOException e) {
        candidate.close();
        why = e;
      }
    }
    throw why;
  }

  private Socket secured(Socket plain, String host, int port) throws IOException {
    plain.setSoTimeout(millisLeft());
    SSLSocket secure = (SSLSocket) network.tls().createSocket(plain, host, port, true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  private int exchange(Socket connected) throws IOException {
    byte[] body = delivery.body();
    OutputStream out = connected.getOutputStream();
    out.write(head(body).getBytes(StandardCharsets.ISO_8859_1));
    out.write(body);
    out.flush();
    connected.setSoTimeout(millisLeft());
    InputStream in = new BufferedInputStream(connected.getInputStream());
    AnswerHead answer = AnswerHead.read(in);
    while (answer.isProvisional()) {
      connected.setSoTimeout(millisLeft());
      answer = AnswerHead.read(in);
    }
    answer.skipBody(in, connected);
    return answer.status();
  }

  private String head(byte[] body) {
    URI url = endpoint.config().url();
    StringBuilder head = new StringBuilder(512).append("POST ");
    head.append(url.getRawPath().isEmpty() ? "/" : url.getRawPath());
    if (url.getRawQuery() != null) {
      head.append('?').append(url.getRawQuery());
    }
    head.append(" HTTP/1.1\r\n");
    header(head, "Host", url.getRawAuthority());
    header(head, "User-Agent", "Carillon");
    header(head, "Connection", "close");
    header(head, "Content-Type", "application/json");
    header(head, "Content-Length", Integer.toString(body.length));
    header(head, "X-Pusher-Key", endpoint.credentials().key());
    header(head, "X-Pusher-Signature", WebhookAuth.sign(endpoint.credentials(), body));
    header(head, "Idempotency-Key", delivery.id());
    endpoint.config().headers().forEach((name, value) -> header(head, name, value));
    return head.append("\r\n").toString();
  }

  private static void header(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  private int millisLeft() throws SocketTimeoutException {
    long left = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
    if (abandoned || left <= 0) {
      throw new SocketTimeoutException("no answer in time");
    }
    return (int) Math.min(left, Integer.MAX_VALUE);
  }
}
