package dev.carillon.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.ProtocolException;
import dev.carillon.protocol.channel.SocketId;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TriggerRequestTest {
  private static final TriggerLimits LIMITS = new TriggerLimits(20, false);

  @Test
  void readsAllFields() {
    TriggerRequest request =
        parse(
            "{\"name\":\"App\\\\Events\\\\Sent\",\"data\":\"{}\",\"channels\":[\"a\",\"presence-b\"],"
                + "\"socket_id\":\"12.34\",\"info\":\"user_count, subscription_count,else\",\"more\":{\"x\":[1]}}");

    assertThat(request.name()).isEqualTo("App\\Events\\Sent");
    assertThat(request.data()).hasToString("\"{}\"");
    assertThat(request.channels()).map(Object::toString).containsExactly("a", "presence-b");
    assertThat(request.socketId()).isEqualTo(new SocketId("12.34"));
    assertThat(request.info()).containsExactlyInAnyOrder(Info.USER_COUNT, Info.SUBSCRIPTION_COUNT);
  }

  @Test
  void takesOneChannelInsteadOfAList() {
    TriggerRequest request = parse("{\"channel\":\"a\",\"data\":\"x\",\"name\":\"e\"}");

    assertThat(request.channels()).map(Object::toString).containsExactly("a");
    assertThat(request.socketId()).isNull();
    assertThat(request.info()).isEmpty();
  }

  @Test
  void keepsEachChannelOnceInTheRequestsOrder() {
    assertThat(parse(event("\"x\"", "\"b\",\"a\",\"b\"")).channels())
        .map(Object::toString)
        .containsExactly("b", "a");
  }

  @Test
  void takesNullForNone() {
    TriggerRequest request =
        parse(
            "{\"name\":\"e\",\"data\":\"\",\"channel\":\"a\","
                + "\"socket_id\":null,\"info\":null}");

    assertThat(request.data()).hasToString("\"\"");
    assertThat(request.socketId()).isNull();
  }

  @Test
  void isUrgentIfItSaysSo() {
    assertThat(parse(urgent("true")).urgent()).isTrue();
    assertThat(parse(urgent("false")).urgent()).isFalse();
    assertThat(parse(urgent("null")).urgent()).isFalse();
    assertThat(parse(event("\"x\"", "\"a\"")).urgent()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"\"true\" | a string", "1 | a number", "{} | an object", "[true] | an array"})
  void refusesAnUrgencyThatIsNoBoolean(String value, String what) {
    assertInvalid(urgent(value))
        .isEqualTo("Expected urgent parameter to be a boolean, got " + what);
  }

  private static String urgent(String value) {
    return "{\"name\":\"e\",\"data\":\"\",\"channel\":\"a\",\"urgent\":" + value + "}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "\"plain\"",
        "\"{\\\"a\\\":1.50}\"",
        "\"\\/\\u00fc\\n\"",
        "\"ü日😀\"",
        "\"\\ud800\"",
        "\"\\ud83d\\ude00\\t\"",
      })
  void keepsDataByteForByte(String literal) {
    assertThat(parse("{ \"name\" : \"e\" , \"data\" : " + literal + " , \"channel\" : \"a\" }"))
        .extracting(request -> request.data().toString())
        .isEqualTo(literal);
  }

  @Test
  void lastOfRepeatedFieldsCounts() {
    TriggerRequest request =
        parse(
            "{\"data\":\"1\",\"name\":\"d\",\"name\":\"e\",\"channel\":\"a\",\"channel\":\"b\",\"data\":\"22\"}");

    assertThat(request.name()).isEqualTo("e");
    assertThat(request.data()).hasToString("\"22\"");
    assertThat(request.channels()).map(Object::toString).containsExactly("b");
  }

  /** The limit of this test is 20 bytes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "12345678901234567890",
        "\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n",
        "\\u00fc\\u00fc\\u00fc\\u00fc\\u00fc\\u00fc\\u00fc\\u00fc\\u00FC\\u00FC",
        "üüüüüüüüüü",
        "\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00",
        "\\u20ac\\u20ac\\u20ac\\u20ac\\u20ac\\u20ac\\u0041\\u0000",
      })
  void countsTheBytesOfDataWithoutItsEscapes(String twentyBytes) {
    parse(event("\"" + twentyBytes + "\"", "\"a\""));

    assertRefused(event("\"" + twentyBytes + "x\"", "\"a\""), ProtocolException.Kind.TOO_LARGE)
        .isEqualTo(
            "The data content of this event exceeds the allowed maximum (20 bytes). See"
                + " https://pusher.com/docs/channels/server_api/http-api#publishing-events for more"
                + " info");
  }

  @Test
  void refusesMoreThanAHundredChannels() {
    parse(event("\"x\"", channels(100)));

    assertInvalid(event("\"x\"", channels(101)))
        .isEqualTo("Invalid channels: got 101, allowed are 1 to 100");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"data\":\"x\",\"channel\":\"a\"}|Missing required parameter: name",
        "{\"name\":null,\"data\":\"x\",\"channel\":\"a\"}|Expected name parameter to be a string, got null",
        "{\"name\":\"e\",\"data\":\"x\"}|Missing required parameter: channels",
        "{\"name\":\"e\",\"channel\":\"a\"}|Missing required parameter: data",
        "{\"name\":\"e\",\"channel\":\"a\",\"data\":null}|Expected data parameter to be a string, got null",
        "{\"name\":1}|Expected name parameter to be a string, got a number",
        "{\"name\":\"e\",\"data\":{\"a\":1}}|Expected data parameter to be a string, got an object",
        "{\"channel\":[\"a\"]}|Expected channel parameter to be a string, got an array",
        "{\"channels\":\"a\"}|Expected channels parameter to be an array, got a string",
        "{\"channels\":[true]}|Expected channels parameter to be an array of strings, got a boolean",
        "{\"socket_id\":1.2}|Expected socket_id parameter to be a string, got a number",
        "{\"info\":[]}|Expected info parameter to be a string, got an array",
        "{\"name\":\"e\",\"data\":\"x\",\"channels\":[]}|Invalid channels: got 0, allowed are 1 to 100",
      })
  void namesTheFieldThatIsWrong(String body, String text) {
    assertInvalid(body).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pusher:error", "pusher_internal:member_added", ""})
  void refusesEventNamesThatCannotBe(String name) {
    assertInvalid("{\"name\":\"" + name + "\",\"data\":\"x\",\"channel\":\"a\"}")
        .startsWith("Invalid name: ");
  }

  @Test
  void refusesEventNamesOfMoreThanTwoHundredCharacters() {
    parse("{\"name\":\"" + "e".repeat(200) + "\",\"data\":\"x\",\"channel\":\"a\"}");

    assertInvalid("{\"name\":\"" + "e".repeat(201) + "\",\"data\":\"x\",\"channel\":\"a\"}")
        .isEqualTo("Invalid name: got 201 characters, allowed are 1 to 200");
  }

  @Test
  void refusesAMalformedSocketId() {
    assertInvalid("{\"name\":\"e\",\"data\":\"x\",\"channel\":\"a\",\"socket_id\":\"12345\"}")
        .isEqualTo("Invalid socket_id: got '12345', allowed is <digits>.<digits>");
  }

  @Test
  void refusesChannelNamesUnlessTheAppRelaxesThem() {
    String body = event("\"x\"", "\"orders:1\"");

    assertRefused(body, ProtocolException.Kind.CHANNEL_NAME).startsWith("Invalid channel name: ");
    assertThat(TriggerRequest.parse(bytes(body), new TriggerLimits(20, true)).channels())
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "[]",
        "null",
        "\"{}\"",
        "{",
        "{\"a\":01}",
        "{'a':1}",
        "{\"a\":\"\\x\"}",
        "{\"a\":1,}",
        "{\"data\":\"\n\"}",
        "\u0000{}",
        "{\"a\":[1}"
      })
  void refusesWhatIsNoJsonObject(String body) {
    assertInvalid(body).startsWith("Invalid ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"}", " {}", "x", "\u0000"})
  void refusesMoreBehindTheObject(String more) {
    assertInvalid("{\"name\":\"e\",\"data\":\"x\",\"channel\":\"a\"}" + more)
        .isEqualTo("Invalid body: expected a JSON object");
  }

  @Test
  void refusesWhatIsNoUtf8() {
    byte[] body = event("\"?\"", "\"a\"").getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < body.length; i++) {
      body[i] = body[i] == '?' ? (byte) 0xfc : body[i];
    }

    assertThat(refusal(body).text()).isEqualTo("Invalid body: expected JSON in UTF-8");
  }

  @Test
  void refusesDeepNesting() {
    assertInvalid("{\"x\":" + "[".repeat(100_000))
        .isEqualTo("Invalid body: expected a JSON object");
  }

  private static String event(String data, String channels) {
    return "{\"name\":\"e\",\"data\":" + data + ",\"channels\":[" + channels + "]}";
  }

  private static String channels(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"c" + i + "\"")
        .collect(Collectors.joining(","));
  }

  private static TriggerRequest parse(String body) {
    return TriggerRequest.parse(bytes(body), LIMITS);
  }

  private static AbstractStringAssert<?> assertInvalid(String body) {
    return assertRefused(body, ProtocolException.Kind.INVALID);
  }

  private static AbstractStringAssert<?> assertRefused(String body, ProtocolException.Kind kind) {
    ProtocolException refusal = refusal(bytes(body));
    assertThat(refusal.kind()).isEqualTo(kind);
    return assertThat(refusal.text());
  }

  private static ProtocolException refusal(byte[] body) {
    try {
      TriggerRequest.parse(body, LIMITS);
    } catch (ProtocolException e) {
      return e;
    }
    throw new AssertionError("accepted: " + new String(body, StandardCharsets.UTF_8));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
