package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.protocol.auth.ChannelAuth;
import dev.carillon.protocol.auth.Credentials;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conformance cases 31 to 37. */
class PrivateChannelTest {
  private TestServer server;
  private TestClient client;

  @BeforeEach
  void connect() {
    server = TestServer.start();
    client = server.connect();
  }

  @AfterEach
  void disconnect() {
    client.close();
    server.close();
  }

  /** Case 31. */
  @Test
  void aSignedSubscriptionIsAcknowledged() {
    client.subscribeSigned("private-a", null);

    assertThat(client.nextText())
        .isEqualTo(
            "{\"event\":\"pusher_internal:subscription_succeeded\","
                + "\"channel\":\"private-a\",\"data\":\"{}\"}");
  }

  /** Case 32. */
  @Test
  void aWrongSignatureIsRefusedWhateverIsWrongWithIt() {
    SocketId mine = client.socketId();
    ChannelName channel = ChannelName.of("private-a");
    String right = client.sign("private-a", null);
    Credentials otherSecret = new Credentials(TestServer.KEY, "another");
    Credentials otherKey = new Credentials("another", TestServer.SECRET);

    assertRefused(TestServer.KEY + ":" + "0".repeat(64));
    assertRefused(TestServer.KEY + ":00");
    assertRefused("");
    assertRefused("nonsense");
    assertRefused(right + "0");
    assertRefused(right.toUpperCase(Locale.ROOT));
    assertRefused(ChannelAuth.sign(otherSecret, mine, channel, null));
    assertRefused(ChannelAuth.sign(otherKey, mine, channel, null));
    assertRefused(
        ChannelAuth.sign(TestServer.CREDENTIALS, new SocketId("1234.1234"), channel, null));
    assertRefused(client.sign("private-b", null));

    client.subscribe("private-a");
    expectRefusal();
  }

  /** Case 32. */
  @Test
  void aRefusedSubscriptionGetsNoEventsAndMayBeCorrected() {
    assertRefused(TestServer.KEY + ":" + "0".repeat(64));

    server.api().trigger("private-a", "e", "x");
    client.expectSilence();

    client.join("private-a");
    server.api().trigger("private-a", "e", "x");
    client.expectEvent("e");
  }

  /** Case 32: the expected signature is told to nobody. */
  @Test
  void aRefusalDoesNotTellTheRightSignature() {
    client.subscribe("private-a", TestServer.KEY + ":" + "0".repeat(64), null);

    String right = client.sign("private-a", null).substring(TestServer.KEY.length() + 1);
    assertThat(client.nextText()).doesNotContain(right);
    assertThat(client.nextText()).doesNotContain(right);
  }

  /** Case 33. */
  @ParameterizedTest
  @ValueSource(
      strings = {"private-cache-a", "private-my-cache-room", "presence-cache-a", "presence-a"})
  void aPrivateNameWithAnyFurtherPrefixNeedsItsSignature(String channel) {
    client.subscribe(channel, TestServer.KEY + ":00", null);

    expectRefusal();
  }

  /** Case 34. */
  @ParameterizedTest
  @ValueSource(strings = {"privateer", "my-private-x", "private", "presence", "Private-x"})
  void aNameThatOnlyLooksPrivateIsPublic(String channel) {
    client.subscribe(channel);

    client.expectEvent("pusher_internal:subscription_succeeded");
  }

  /** Case 35. */
  @Test
  void channelDataOnAPrivateChannelIsPartOfTheSignature() {
    String data = "{\"x\":1}";

    client.subscribe("private-a", client.sign("private-a", data), data);
    client.expectEvent("pusher_internal:subscription_succeeded");

    client.subscribe("private-b", client.sign("private-b", null), data);
    expectRefusal();
  }

  /** Case 36. */
  @Test
  void theSignatureOfTheDocumentationIsTheOneThatIsExpected() {
    String auth =
        ChannelAuth.sign(
            TestServer.CREDENTIALS,
            new SocketId("1234.1234"),
            ChannelName.of("private-foobar"),
            null);

    assertThat(auth)
        .isEqualTo(
            TestServer.KEY + ":58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4");
  }

  /** Case 37. */
  @Test
  void anEncryptedPayloadPassesThroughUnmodified() {
    String data = "{\"nonce\":\"AAAA+/==\",\"ciphertext\":\"\\/\\u00e9\"}";
    client.subscribeSigned("private-encrypted-a", null);
    assertThat(client.next().path("data").asText()).isEqualTo("{}");

    server.api().trigger("private-encrypted-a", "e", data);

    assertThat(client.expectEvent("e").path("data").asText()).isEqualTo(data);
  }

  /** The Java client would try to decrypt a subscription_error of an encrypted channel. */
  @Test
  void aRefusedEncryptedChannelGetsTheErrorAlone() {
    client.subscribe("private-encrypted-a", TestServer.KEY + ":00", null);

    JsonNode error = client.expectEvent("pusher:error");
    assertThat(error.has("channel")).isFalse();
    client.expectSilence();
  }

  private void assertRefused(String auth) {
    client.subscribe("private-a", auth, null);
    expectRefusal();
  }

  private void expectRefusal() {
    JsonNode data = client.expectEvent("pusher:subscription_error").path("data");
    assertThat(data.path("type").asText()).isEqualTo("AuthError");
    assertThat(data.path("error").isTextual()).isTrue();
    assertThat(data.path("status").asInt()).isEqualTo(401);
    assertThat(client.expectError().path("code").isNull()).isTrue();
    client.expectSilence();
  }
}
