package dev.carillon.protocol.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.protocol.ProtocolException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of the HTTP fallbacks posts. */
class XhrSendTest {
  @Test
  void messagesAreReadInTheirOrderWithTheirEscapes() {
    assertThat(read(" [ \"a\" , \"\\u00e9\\n\\ud834\\udd1e\" , \"\" ] ", 7))
        .containsExactly("a", "é\n𝄞", "");
  }

  @Test
  void anEmptyArrayIsAHeartbeat() {
    assertThat(read("[]", 1)).isEmpty();
  }

  /** In UTF-8, not as it was escaped. */
  @Test
  void theLimitIsOfEachMessage() {
    assertThat(read("[\"\\u20ac\",\"abc\"]", 3)).containsExactly("€", "abc");
    assertThatThrownBy(() -> read("[\"abc\",\"€x\"]", 3))
        .isInstanceOfSatisfying(
            ProtocolException.class,
            mistake -> {
              assertThat(mistake.kind()).isEqualTo(ProtocolException.Kind.TOO_LARGE);
              assertThat(mistake.text())
                  .isEqualTo("Message too big: got 4 bytes, allowed are 3 bytes");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "{}",
        "\"a\"",
        "[",
        "[\"a\"",
        "[\"a\",]",
        "[\"a\"]]",
        "[\"a\"] []",
        "[1]",
        "[null]",
        "[[]]",
        "[{}]",
        "[\"\\ud800\"]",
        "[\"\\udc00\\ud800\"]",
        "[\"\u0001\"]",
        "[\"a\" \"b\"]"
      })
  void anythingElseIsRefused(String body) {
    assertThatThrownBy(() -> read(body, 100))
        .isInstanceOfSatisfying(
            ProtocolException.class,
            mistake ->
                assertThat(mistake.text())
                    .startsWith("Invalid body: expected a JSON array of strings, got "));
  }

  @Test
  void deepArraysAreRefused() {
    assertThatThrownBy(() -> read("[".repeat(100_000), 100)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void randomBytesAreRefusedOrRead() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] body = new byte[random.nextInt(20)];
      for (int k = 0; k < body.length; k++) {
        body[k] = (byte) "[]\",\\u00e9\u0000{ \u0080".charAt(random.nextInt(14));
      }
      try {
        assertThat(XhrSend.read(body, 10)).allSatisfy(m -> assertThat(m).hasSizeLessThan(11));
      } catch (ProtocolException mistake) {
        assertThat(mistake.text()).isNotEmpty();
      }
    }
  }

  private static List<String> read(String body, int maxMessageBytes) {
    return XhrSend.read(body.getBytes(UTF_8), maxMessageBytes).stream()
        .map(message -> new String(message, UTF_8))
        .toList();
  }
}
