package dev.carillon.protocol.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.Utf8;
import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.status.Cause;
import dev.carillon.protocol.status.Profile;
import dev.carillon.protocol.status.Status;
import dev.carillon.protocol.status.StatusUpdate;
import dev.carillon.protocol.status.UserStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever a client sends, it gets an answer in the protocol's terms. */
class HostileFramesTest {
  private static final int FRAMES = 100_000;

  private final Random random = new Random(20_260_101);
  private final RandomJson json = new RandomJson(random);
  private final ClientEventDecoder decoder = new ClientEventDecoder();

  @Test
  void dataSurvivesByteForByte() {
    for (int i = 0; i < FRAMES / 4; i++) {
      String data = json.value(0);
      byte[] frame =
          bytes(json.object("event", "\"client-a\"", "channel", "\"private-a\"", "data", data));

      ClientEvent.ClientMessage event = (ClientEvent.ClientMessage) decoder.decode(frame);

      assertThat(event.data())
          .as(data)
          .isEqualTo(RawJson.slice(bytes(data), 0, bytes(data).length));
    }
  }

  @Test
  void validFramesAreDecodedAndAnswered() {
    for (int i = 0; i < FRAMES / 4; i++) {
      decodeOrRefuse(bytes(json.frame()));
    }
  }

  @Test
  void damagedFramesAreDecodedOrRefused() {
    for (int i = 0; i < FRAMES / 2; i++) {
      byte[] frame = damaged(bytes(json.frame()));
      if (Utf8.isValid(frame)) {
        decodeOrRefuse(frame);
      }
    }
  }

  /** The server refuses what is no UTF-8 before; the decoder must withstand it all the same. */
  @Test
  void bytesThatAreNoTextAreDecodedOrRefused() {
    for (int i = 0; i < FRAMES / 4; i++) {
      byte[] noise = new byte[random.nextInt(8) + 1];
      random.nextBytes(noise);
      byte[] frame = bytes(json.frame());
      int at = random.nextInt(frame.length);
      System.arraycopy(noise, 0, frame, at, Math.min(noise.length, frame.length - at));
      decodeOrRefuse(noise);
      decodeOrRefuse(frame);
    }
  }

  private byte[] damaged(byte[] frame) {
    byte[] bytes = frame.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] =
          (byte) "\"\\{}[],:0u \0\n\u007f".charAt(random.nextInt(14));
    }
    return random.nextInt(3) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private void decodeOrRefuse(byte[] frame) {
    try {
      decoder.decode(frame).dispatch(new Echo());
    } catch (ProtocolException refusal) {
      ServerEvent.Failure.of(refusal).toBytes();
    } catch (RuntimeException | StackOverflowError e) {
      fail("frame " + HexFormat.of().formatHex(frame), e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Writes the frames that repeat what a client sent. */
  private static final class Echo implements ClientEvent.Handler {
    @Override
    public void subscribe(ClientEvent.Subscribe event) {
      new ServerEvent.SubscriptionError(event.channel(), "AuthError", "no", 401).toBytes();
      String channelData = event.channelData();
      if (channelData != null) {
        Member member = ChannelData.member(channelData, 100);
        new ServerEvent.MemberAdded(ChannelName.of("presence-a"), member).toBytes();
      }
    }

    @Override
    public void unsubscribe(ClientEvent.Unsubscribe event) {
      ChannelName.of(event.channel());
    }

    @Override
    public void signin(ClientEvent.Signin event) {
      byte[] frame = new ServerEvent.SigninSucceeded(event.userData()).toBytes();
      assertThat(Utf8.isValid(frame)).isTrue();
      UserData user = UserData.parse(event.userData(), 100);
      new ServerEvent.WatchlistEvents(List.of(user.id()), user.watchlist()).toBytes();
    }

    @Override
    public void clientMessage(ClientEvent.ClientMessage event) {
      ChannelName channel = ChannelName.relaxed(event.channel());
      byte[] frame =
          new ServerEvent.ClientMessage(channel, event.event(), event.data(), null).toBytes();
      assertThat(Utf8.isValid(frame)).isTrue();
    }

    @Override
    public void statusSet(ClientEvent.StatusSet event) {
      UserStatus user =
          new UserStatus(
              "1",
              Profile.UNKNOWN,
              Status.ONLINE,
              event.choice().customMessage(),
              null,
              Instant.EPOCH,
              event.choice().expiresAt(),
              new TreeMap<>(),
              null,
              1);
      assertThat(Utf8.isValid(new ServerEvent.WatchlistStatus(user).toBytes())).isTrue();
      assertThat(Utf8.isValid(new StatusUpdate(user, Status.IDLE, Cause.MANUAL).toData())).isTrue();
    }

    @Override
    public void statusActivity(ClientEvent.StatusActivity event) {}

    @Override
    public void ping(ClientEvent.Ping event) {}

    @Override
    public void pong(ClientEvent.Pong event) {}

    @Override
    public void unknown(ClientEvent.Unknown event) {}
  }
}
