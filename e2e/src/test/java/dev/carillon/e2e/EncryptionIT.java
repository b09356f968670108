package dev.carillon.e2e;

import static dev.carillon.e2e.Compatibility.CLIENT;
import static dev.carillon.e2e.Compatibility.SDK;
import static dev.carillon.e2e.Compatibility.proves;
import static org.assertj.core.api.Assertions.assertThat;

import com.pusher.rest.Pusher;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What one of Pusher's SDKs encrypts, a client of another language decrypts. */
class EncryptionIT {
  private static final String KEY = masterKey(7);
  private static final String OTHER_KEY = masterKey(8);

  @TempDir static Path directory;
  private static Product product;
  private static Pusher application;
  private static Pusher withOtherKey;
  private static NodePeer node;

  private final ClientLog log = new ClientLog();
  private String channel;

  @BeforeAll
  static void start() throws Exception {
    product = Product.start(directory);
    application = application(KEY);
    withOtherKey = application(OTHER_KEY);
    node = new NodePeer(product, KEY);
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
    application.close();
    withOtherKey.close();
    product.close();
  }

  @BeforeEach
  void nameTheChannel(TestInfo test) {
    channel = "private-encrypted-" + test.getTestMethod().orElseThrow().getName();
  }

  @AfterEach
  void closeLog() {
    log.close();
  }

  @Test
  void theJavaClientDecryptsWhatTheJavaSdkEncrypted() throws Exception {
    try (var client = new JavaClient(product, application, "ann")) {
      var subscription = client.joinEncrypted(channel);

      application.trigger(channel, "secret", Map.of("pin", 1234));

      assertThat(subscription.next().getData()).isEqualTo("{\"pin\":1234}");
      assertNothingReported(client, subscription);
    }
    proves("encrypted", CLIENT);
  }

  @Test
  void theJavaClientDecryptsWhatTheNodeSdkEncrypted() throws Exception {
    try (var client = new JavaClient(product, application, "ann")) {
      var subscription = client.joinEncrypted(channel);

      assertThat(node.trigger(channel, "secret", Map.of("pin", 1234))).isEqualTo(200);

      assertThat(subscription.next().getData()).isEqualTo("{\"pin\":1234}");
      assertNothingReported(client, subscription);
    }
    proves("encrypts", "pusher-http-node");
  }

  @Test
  void pusherJsDecryptsWhatTheJavaSdkEncrypted() throws Exception {
    node.join(channel);

    application.trigger(channel, "secret", Map.of("pin", 1234));

    assertThat(node.next()).hasToString("{\"event\":\"secret\",\"data\":{\"pin\":1234}}");
    proves("encrypts", SDK);
  }

  @Test
  void aForeignKeyIsReportedByTheClientAndTheConnectionStays() throws Exception {
    try (var client = new JavaClient(product, withOtherKey, "ann")) {
      var subscription = client.joinEncrypted(channel);
      var open = client.joinPublic("open-" + channel);

      application.trigger(channel, "secret", Map.of("pin", 1234));
      assertThat(subscription.nextFailure()).startsWith("secret: ");
      application.trigger("open-" + channel, "last", "x");

      assertThat(open.next().getEventName()).isEqualTo("last");
      assertThat(subscription.hasEvents()).isFalse();
      assertThat(client.hasHadErrors()).isFalse();
    }
  }

  @Test
  void aRotatedKeyIsFetchedByTheClient() throws Exception {
    var signer = new AtomicReference<>(application);
    try (var client = new JavaClient(product, signer::get, "ann")) {
      var subscription = client.joinEncrypted(channel);
      application.trigger(channel, "before", Map.of("n", 1));
      assertThat(subscription.next().getData()).isEqualTo("{\"n\":1}");

      signer.set(withOtherKey);
      withOtherKey.trigger(channel, "after", Map.of("n", 2));

      assertThat(subscription.next().getData()).isEqualTo("{\"n\":2}");
      assertNothingReported(client, subscription);
    }
  }

  @Test
  void aWrongSignatureIsReportedOnTheConnection() throws Exception {
    try (var stranger = new Pusher(Product.APP_ID, Product.APP_KEY, "wrong secret", KEY);
        var client = new JavaClient(product, stranger, "ann")) {

      assertThat(client.refusalOf(channel)).contains("Invalid signature");

      assertThat(log.warnings()).noneMatch(line -> line.contains("Exception"));
      client.joinPublic("open-" + channel);
    }
  }

  private void assertNothingReported(JavaClient client, Subscription subscription) {
    assertThat(subscription.hasFailed()).isFalse();
    assertThat(client.hasHadErrors()).isFalse();
    assertThat(log.warnings()).isEmpty();
  }

  private static Pusher application(String masterKey) {
    var created = new Pusher(Product.APP_ID, Product.APP_KEY, Product.APP_SECRET, masterKey);
    created.setHost("127.0.0.1:" + product.port());
    created.setEncrypted(false);
    return created;
  }

  private static String masterKey(int each) {
    var bytes = new byte[32];
    Arrays.fill(bytes, (byte) each);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
