package dev.carillon.server.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.config.WebhookConfig;
import dev.carillon.server.support.TestEndpoint;
import dev.carillon.server.support.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SenderTest {
  private static final char[] PASSWORD = "password".toCharArray();
  private static final Delivery DELIVERY =
      new Delivery("an-id", Instant.EPOCH, Instant.EPOCH, 1, "{\"name\":\"x\"}".getBytes(UTF_8));

  private static Sender.Outcome post(WebhookConfig webhook, Network network) {
    Endpoint endpoint = Endpoint.of(TestServer.app().webhooks(List.of(webhook)).build()).get(0);
    try (Sender sender = new Sender(network)) {
      return sender.post(endpoint, DELIVERY).toCompletableFuture().join();
    }
  }

  private static Sender.Outcome post(String url, Network network) {
    return post(WebhookConfig.of(URI.create(url)), network);
  }

  /** Names, each with its addresses. */
  private static Network names(Map<String, List<String>> names, SSLSocketFactory tls) {
    return new Network() {
      @Override
      public InetAddress[] resolve(String host) throws UnknownHostException {
        List<String> addresses = names.getOrDefault(host, List.of());
        InetAddress[] resolved = new InetAddress[addresses.size()];
        for (int i = 0; i < resolved.length; i++) {
          resolved[i] = InetAddress.getByName(addresses.get(i));
        }
        return resolved;
      }

      @Override
      public SSLSocketFactory tls() {
        return tls;
      }
    };
  }

  private static Network names(Map<String, List<String>> names) {
    return names(names, (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  @Test
  void aNameThatLeadsToALinkLocalAddressIsRefused() {
    Network network = names(Map.of("evil.test", List.of("169.254.169.254")));

    assertThat(post("http://evil.test/", network))
        .isEqualTo(
            new Sender.Outcome(
                false, "169.254.169.254 is link-local or metadata: see allow_link_local"));
  }

  /** Forms of 169.254.169.254 that the system's resolver may understand. */
  @ParameterizedTest
  @ValueSource(
      strings = {"2852039166", "0xa9fea9fe", "[::ffff:a9fe:a9fe]", "[::ffff:169.254.169.254]"})
  void anAddressInAnotherFormIsRefused(String host) {
    assertThat(post("http://" + host + "/", Network.system()).answer())
        .isIn("169.254.169.254 is link-local or metadata: see allow_link_local", "no such host");
  }

  @Test
  void ofANamesAddressesThoseThatAreAllowedAreTried() {
    try (TestEndpoint endpoint = new TestEndpoint()) {
      Network network =
          names(Map.of("mixed.test", List.of("169.254.169.254", "fe80::1", "127.0.0.1")));

      assertThat(post("http://mixed.test:" + endpoint.port(), network).taken()).isTrue();

      assertThat(endpoint.next().head())
          .startsWith("POST / HTTP/1.1\r\nHost: mixed.test:" + endpoint.port() + "\r\n");
    }
  }

  @Test
  void whatIsAllowedExplicitlyIsConnectedTo() {
    WebhookConfig webhook =
        WebhookConfig.of(URI.create("http://meta.test/")).toBuilder()
            .allowLinkLocal(true)
            .timeout(Duration.ofMillis(200))
            .build();

    assertThat(post(webhook, names(Map.of("meta.test", List.of("169.254.169.254")))).answer())
        .doesNotContain("allow_link_local");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "199 Odd\r\n\r\nHTTP/1.1 200 OK",
        "100 Continue\r\n\r\nHTTP/1.1 204 Fine",
        "299 Fine"
      })
  void everyTwoHundredTakesIt(String answer) {
    try (TestEndpoint endpoint = new TestEndpoint().answering(n -> answer)) {
      assertThat(post(endpoint.url().toString(), Network.system()).taken()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "99 x", "1000 x", "304 Not", "401 No", "500 x"})
  void nothingElseDoes(String answer) {
    try (TestEndpoint endpoint = new TestEndpoint().answering(n -> answer)) {
      assertThat(post(endpoint.url().toString(), Network.system()).taken()).isFalse();
    }
  }

  @Test
  @Timeout(20)
  void anAnswerThatDripsIsAbandoned() {
    try (TestEndpoint endpoint =
        new TestEndpoint().answering(n -> "200 OK\r\nX: " + "x".repeat(20_000))) {
      assertThat(post(endpoint.url().toString(), Network.system()))
          .isEqualTo(new Sender.Outcome(false, "a head without an end"));
    }
  }

  @Test
  @Timeout(20)
  void anAnswerWhoseBodyDripsForEverIsTaken() throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
      Thread dripping = new Thread(() -> drip(listening));
      dripping.start();
      WebhookConfig webhook =
          WebhookConfig.of(URI.create("http://127.0.0.1:" + listening.getLocalPort())).toBuilder()
              .timeout(Duration.ofSeconds(5))
              .build();

      assertThat(post(webhook, Network.system()).answer()).isEqualTo("status 200");

      dripping.join();
    }
  }

  /** A letter each tenth of a second, until the other side has gone. */
  private static void drip(ServerSocket listening) {
    try (Socket client = listening.accept()) {
      OutputStream out = client.getOutputStream();
      out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
      while (true) {
        out.write('x');
        LockSupport.parkNanos(100_000_000);
      }
    } catch (IOException e) {
      return; // it has
    }
  }

  @Test
  void certificatesAndTheirNamesAreVerified(@TempDir Path folder) throws Exception {
    SSLContext context = selfSigned(folder, "hooks.test");
    try (TestEndpoint endpoint =
        new TestEndpoint(
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1")))) {
      String behind = ":" + endpoint.port() + "/";
      Map<String, List<String>> names =
          Map.of("hooks.test", List.of("127.0.0.1"), "other.test", List.of("127.0.0.1"));
      Network trusting = names(names, context.getSocketFactory());

      assertThat(post("https://hooks.test" + behind, trusting).answer()).isEqualTo("status 200");
      assertThat(post("https://other.test" + behind, trusting).answer()).contains("other.test");
      assertThat(post("https://hooks.test" + behind, names(names)).taken()).isFalse();
    }
  }

  private static SSLContext selfSigned(Path folder, String name) throws Exception {
    Path file = folder.resolve("keys.p12");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process made =
        new ProcessBuilder(
                (keytool
                        + " -genkeypair -alias a -keyalg EC -validity 9 -dname CN=x -ext san=dns:"
                        + name
                        + " -storetype PKCS12 -storepass password -keystore "
                        + file)
                    .split(" "))
            .start();
    assertThat(made.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("a", keys.getCertificate("a"));
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD);
    TrustManagerFactory others =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    others.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), others.getTrustManagers(), null);
    return context;
  }
}
