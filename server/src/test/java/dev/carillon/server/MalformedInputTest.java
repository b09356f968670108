package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.support.ErrorLog;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is not a WebSocket message of the protocol: 2.14 and 1.8, RFC 6455. Whatever one client
 * sends, another gets its events and nothing is logged as an error.
 */
class MalformedInputTest {
  private static final int FIN = 0x80;

  private TestServer server;
  private ErrorLog log;
  private TestClient innocent;
  private RawClient client;

  @BeforeEach
  void connect() {
    log = new ErrorLog();
    server =
        TestServer.start(
            TestServer.config().toBuilder().eventLoops(1).build(), TestServer.app().build());
    innocent = server.connect().join("news");
    client = RawClient.connect(server);
  }

  @AfterEach
  void othersAreServedAsBefore() {
    server.api().trigger("news", "still-here", "x");
    innocent.expectEvent("still-here");
    innocent.expectSilence();
    assertThat(server.api().send("GET", "/up", "").statusCode()).isEqualTo(200);
    client.close();
    innocent.close();
    server.close();
    log.expectNothing();
    log.close();
  }

  /** 2.14: answered, and the connection stays. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{not json",
        "{",
        "}",
        "null",
        "[]",
        "7",
        "\"pusher:ping\"",
        "{}",
        "{\"event\":7}",
        "{\"event\":null}",
        "{\"event\":{}}",
        "{\"event\":[\"pusher:ping\"]}",
        "{\"channel\":\"news\",\"data\":{}}",
        "{\"event\":\"pusher:subscribe\"}",
        "{\"event\":\"pusher:subscribe\",\"data\":[]}",
        "{\"event\":\"pusher:subscribe\",\"data\":\"nonsense\"}",
        "{\"event\":\"pusher:subscribe\",\"data\":7}",
        "{\"event\":\"pusher:subscribe\",\"data\":null}",
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":[\"news\"]}}",
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"news\",\"auth\":7}}",
        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"news\",\"channel_data\":{}}}",
        "{\"event\":\"pusher:unsubscribe\"}",
        "{\"event\":\"client-x\"}",
        "{\"event\":\"client-x\",\"channel\":7}",
        "{\"event\":\"pusher:ping\"}{\"event\":\"pusher:ping\"}",
        "{\"event\":\"pusher:ping\"} x",
        "{\"event\":\"pusher:ping\",}",
        "{'event':'pusher:ping'}",
        "{\"event\":\"pusher:\\ud800\",\"x\":tru}",
        "\u0000{\"event\":\"pusher:ping\"}",
        "\ufeff[]"
      })
  void aMessageThatIsNoEventIsAnsweredWithAnErrorWithoutCode(String message) {
    client.sendText(message);

    assertThat(client.expectEvent("pusher:error").path("data").path("code").isNull()).isTrue();
    client.expectSilence();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[", "{\"a\":", "{\"event\":\"client-x\",\"channel\":\"news\",\"data\":["})
  void deepNestingIsAnsweredWithAnError(String level) {
    String nested = level.repeat(60_000 / level.length());

    client.sendText(nested);
    client.sendText("{\"event\":\"pusher:subscribe\",\"data\":" + nested);

    client.expectEvent("pusher:error");
    client.expectEvent("pusher:error");
    client.expectSilence();
  }

  @Test
  void closedNestingInAClientEventIsAnsweredWithAnError() {
    client.sendText(
        "{\"event\":\"client-x\",\"channel\":\"news\",\"data\":"
            + "[".repeat(20_000)
            + "]".repeat(20_000)
            + "}");

    client.expectEvent("pusher:error");
    client.expectSilence();
  }

  @Test
  void hugeNumbersAndLongKeysAreNoHarm() {
    client.sendText("{\"event\":" + "9".repeat(60_000) + "}");
    client.sendText("{\"" + "k".repeat(60_000) + "\":1}");
    client.sendText("{\"event\":\"" + "e".repeat(60_000) + "\"}");

    client.expectEvent("pusher:error");
    client.expectEvent("pusher:error");
    client.expectSilence();
  }

  @Test
  void aLongNameOrHalfASurrogatePairIsRefused() {
    client.subscribe("x".repeat(60_000));
    client.expectEvent("pusher:subscription_error");
    client.expectEvent("pusher:error");
    client.subscribe("\\ud800");
    client.expectEvent("pusher:subscription_error");
    client.expectEvent("pusher:error");
    client.expectSilence();
  }

  /** Difference 12, with a frame of 2 MB of which all is sent. */
  @Test
  void aTooBigFrameEndsTheConnectionWith1009() {
    byte[] frame = RawClient.frame(FIN | RawClient.TEXT, new byte[2_000_000]);

    client.send(Arrays.copyOf(frame, 1_000));

    assertThat(client.closeCode()).isEqualTo(1009);
    client.expectEnd();
  }

  @Test
  void aTooBigMessageInPartsEndsTheConnectionWith1009() {
    client.sendPart(RawClient.TEXT, new byte[40_000]);
    client.sendPart(RawClient.CONTINUATION, new byte[25_536]);
    client.sendPart(RawClient.CONTINUATION, new byte[1]);

    assertThat(client.closeCode()).isEqualTo(1009);
    client.expectEnd();
  }

  @Test
  void aMessageOfExactlyTheLimitIsRead() {
    String ping = "{\"event\":\"pusher:ping\"}";

    client.sendText(ping + " ".repeat(65_536 - ping.length()));

    client.expectEvent("pusher:pong");
  }

  /** Case 2.14: also where the parts are valid and the whole is not. */
  @Test
  void textThatIsNoUtf8EndsTheConnectionWith1007() {
    client.sendFrame(RawClient.TEXT, new byte[] {'{', (byte) 0xC3, (byte) 0x28, '}'});

    assertThat(client.closeCode()).isEqualTo(1007);
    client.expectEnd();
  }

  @Test
  void binaryThatIsNoUtf8IsAnsweredWithAnError() {
    client.sendFrame(RawClient.BINARY, new byte[] {(byte) 0xFF, 0, 1, 2});

    client.expectEvent("pusher:error");
    client.expectSilence();
  }

  /** A character may be split between two parts. */
  @Test
  void aCharacterMayBeSplitBetweenParts() {
    byte[] message = "{\"event\":\"pusher:ping\",\"data\":\"ü\"}".getBytes(StandardCharsets.UTF_8);
    int split = message.length - 3;

    client.sendPart(RawClient.TEXT, Arrays.copyOf(message, split));
    client.sendFrame(RawClient.CONTINUATION, Arrays.copyOfRange(message, split, message.length));

    client.expectEvent("pusher:pong");
  }

  @Test
  void controlFramesMayStandBetweenParts() {
    client.sendPart(RawClient.TEXT, "{\"event\":".getBytes(StandardCharsets.US_ASCII));
    client.sendFrame(RawClient.PING, new byte[] {'a'});
    client.sendFrame(RawClient.PONG, new byte[0]);
    client.sendPart(RawClient.CONTINUATION, new byte[0]);
    client.sendFrame(
        RawClient.CONTINUATION, "\"pusher:ping\"}".getBytes(StandardCharsets.US_ASCII));

    assertThat(client.expect(RawClient.PONG).text()).isEqualTo("a");
    client.expectEvent("pusher:pong");
    client.expectSilence();
  }

  static Stream<Arguments> violations() {
    byte[] unmasked = {(byte) (FIN | RawClient.TEXT), 2, '{', '}'};
    byte[] closeOfOneByte = {3};
    return Stream.of(
        Arguments.of("reserved bit 1", RawClient.frame(0xC1, new byte[] {'x'})),
        Arguments.of("reserved bit 2", RawClient.frame(0xA1, new byte[] {'x'})),
        Arguments.of("reserved bit 3", RawClient.frame(0x91, new byte[] {'x'})),
        Arguments.of("reserved data opcode", RawClient.frame(0x83, new byte[] {'x'})),
        Arguments.of("reserved control opcode", RawClient.frame(0x8B, new byte[] {'x'})),
        Arguments.of("unmasked", unmasked),
        Arguments.of("ping of 126 bytes", RawClient.frame(0x89, new byte[126])),
        Arguments.of("ping in parts", RawClient.frame(0x09, new byte[1])),
        Arguments.of("continuation of nothing", RawClient.frame(0x80, new byte[1])),
        Arguments.of("close of one byte", RawClient.frame(0x88, closeOfOneByte)),
        Arguments.of("close with 1005", RawClient.frame(0x88, new byte[] {3, (byte) 0xED})));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("violations")
  void aViolationOfTheWebSocketProtocolEndsTheConnectionWith1002(String name, byte[] frame) {
    client.send(frame);

    assertThat(client.closeCode()).as(name).isEqualTo(1002);
  }

  @Test
  void aNewMessageWithinAnotherEndsTheConnectionWith1002() {
    client.sendPart(RawClient.TEXT, new byte[] {'{'});
    client.sendFrame(RawClient.TEXT, new byte[] {'{'});

    assertThat(client.closeCode()).isEqualTo(1002);
  }

  @Test
  void aCloseIsAnsweredWithItsCode() {
    client.sendFrame(RawClient.CLOSE, new byte[] {3, (byte) 0xE8, 'b', 'y', 'e'});

    assertThat(client.closeCode()).isEqualTo(1000);
    client.expectEnd();
  }

  /** Whatever follows a close frame is not read. */
  @Test
  void whatFollowsACloseIsNotRead() {
    client.subscribe("news").expectEvent("pusher_internal:subscription_succeeded");
    byte[] close = RawClient.frame(0x88, new byte[0]);
    byte[] closeAndMore = Arrays.copyOf(close, 10_000);

    client.send(closeAndMore);

    assertThat(client.closeCode()).isEqualTo(1000);
    client.expectEnd();
  }

  /** A frame that never ends holds nobody up. */
  @Test
  void halfAFrameHoldsNobodyUp() {
    byte[] frame = RawClient.frame(FIN | RawClient.TEXT, new byte[60_000]);

    client.send(Arrays.copyOf(frame, 30_000));

    innocent.expectSilence();
    client.reset();
  }

  /** Bytes arrive one by one. */
  @Test
  void aFrameThatComesByteByByteIsRead() {
    byte[] message = "{\"event\":\"pusher:ping\"}".getBytes(StandardCharsets.US_ASCII);
    for (byte b : RawClient.frame(FIN | RawClient.TEXT, message)) {
      client.send(new byte[] {b});
    }

    client.expectEvent("pusher:pong");
  }
}
