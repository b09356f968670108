package dev.carillon.protocol.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** The key, the secret and most signatures are those of Pusher's documentation. */
class SignaturesTest {
  private static final String KEY = "278d425bdf160c739803";
  private static final Credentials APP = new Credentials(KEY, "7ad3773142a6692b25b8");
  private static final SocketId SOCKET = new SocketId("1234.1234");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "private-foobar||58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4",
        "presence-foobar|{\"user_id\":10,\"user_info\":{\"name\":\"Mr. Channels\"}}"
            + "|31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80",
        "presence-foobar|{\"user_id\":\"10\",\"user_info\":{\"name\":\"Mr. Channels\"}}"
            + "|4c6d8fc42a207ba96a0779844171b0bb819d96ffceef9609f5cce596ab17a800",
        "presence-foobar||71506e66e7fdca106571b8999a849ad34245bc653772e51e0026c1a2475b92ba",
        "private-encrypted-foo||e85caab4331194145d44feae15aea9539ea50631afacbc593a9555ceadc42357",
        "private-cache-foo||a62de12ce80893ec63e0af7f4628cbf23565b09a27d563cd6dee8c15fe130426",
        "presence-cache-foo|{\"user_id\":\"7\"}"
            + "|2e779b7862479a8dead0ec26ca2b71badf693b071f434e195668e41501fe1317",
      })
  void signsChannels(String channel, @Nullable String channelData, String signature) {
    ChannelName name = ChannelName.of(channel);

    assertThat(ChannelAuth.sign(APP, SOCKET, name, channelData)).isEqualTo(KEY + ":" + signature);
    ChannelAuth.verify(APP, SOCKET, name, KEY + ":" + signature, channelData);
  }

  /**
   * Pusher's documentation prints this value beside "Mr. Channels", but it was made for the name
   * that stood there before.
   */
  @Test
  void documentedPresenceSignatureBelongsToMrPusher() {
    ChannelName channel = ChannelName.of("presence-foobar");
    String documented = "afaed3695da2ffd16931f457e338e6c9f2921fa133ce7dac49f529792be6304c";

    assertThat(
            ChannelAuth.sign(
                APP, SOCKET, channel, "{\"user_id\":10,\"user_info\":{\"name\":\"Mr. Pusher\"}}"))
        .isEqualTo(KEY + ":" + documented);
    assertThat(
            ChannelAuth.sign(
                APP, SOCKET, channel, "{\"user_id\":10,\"user_info\":{\"name\":\"Mr. Channels\"}}"))
        .doesNotContain(documented);
  }

  @Test
  void channelDataCountsOnEveryTypeOfChannel() {
    ChannelName channel = ChannelName.of("private-a");
    String auth = ChannelAuth.sign(APP, SOCKET, channel, "{\"x\":1}");

    ChannelAuth.verify(APP, SOCKET, channel, auth, "{\"x\":1}");
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> ChannelAuth.verify(APP, SOCKET, channel, auth, null));
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "00",
        ":",
        KEY,
        KEY + ":",
        KEY + ":00",
        "other:58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4",
        KEY + ":58DF8B0C36D6982B82C3ECF6B4662E34FE8C25BBA48F5369F135BF843651C3A4",
        KEY + ":58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a40",
      })
  void refusesOtherAuth(@Nullable String auth) {
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(
            () -> ChannelAuth.verify(APP, SOCKET, ChannelName.of("private-foobar"), auth, null))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ProtocolException.Kind.AUTH));
  }

  @Test
  void refusesTheAuthOfAnotherSocketOrChannel() {
    ChannelName channel = ChannelName.of("private-a");
    String auth = ChannelAuth.sign(APP, SOCKET, channel, null);

    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> ChannelAuth.verify(APP, new SocketId("1234.1235"), channel, auth, null));
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> ChannelAuth.verify(APP, SOCKET, ChannelName.of("private-b"), auth, null));
  }

  @Test
  void refusalNeverTellsTheSignature() {
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(
            () ->
                ChannelAuth.verify(
                    APP, SOCKET, ChannelName.of("private-foobar"), KEY + ":00", null))
        .withMessageNotContaining("58df8b0c")
        .withMessageNotContaining("7ad3773142a6692b25b8");
  }

  @Test
  void signsUsers() {
    String auth = KEY + ":4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba";

    assertThat(UserAuth.sign(APP, SOCKET, "{\"id\":\"12345\"}")).isEqualTo(auth);
    assertThatCode(() -> UserAuth.verify(APP, SOCKET, auth, "{\"id\":\"12345\"}"))
        .doesNotThrowAnyException();
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> UserAuth.verify(APP, SOCKET, auth, "{\"id\":\"12346\"}"));
  }

  @Test
  void signsWebhooks() {
    byte[] body =
        ("{\"time_ms\":1327078148132,\"events\":"
                + "[{\"name\":\"channel_occupied\",\"channel\":\"my-channel\"}]}")
            .getBytes(StandardCharsets.UTF_8);
    String signature = "c19001ae3963ccb13bf618e5b16ba9848e7e74df0993aa0689168e341c6833cf";

    assertThat(WebhookAuth.sign(APP, body)).isEqualTo(signature);
    assertThat(WebhookAuth.valid(APP, KEY, signature, body)).isTrue();
    assertThat(WebhookAuth.valid(APP, "other", signature, body)).isFalse();
    assertThat(WebhookAuth.valid(APP, KEY, signature, new byte[1])).isFalse();
  }

  @Test
  void credentialsHideTheirSecret() {
    assertThat(APP.toString()).contains(KEY).doesNotContain("7ad3773142a6692b25b8");
  }
}
