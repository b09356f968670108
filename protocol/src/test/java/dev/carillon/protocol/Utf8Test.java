package dev.carillon.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
  @ParameterizedTest
  @ValueSource(strings = {"", "a", "ü", "日本", "😀", "a\u0000b"})
  void acceptsText(String text) {
    assertThat(Utf8.isValid(text.getBytes(StandardCharsets.UTF_8))).isTrue();
  }

  /** A lone continuation, a cut-off character, overlong forms, a surrogate, above U+10FFFF. */
  @ParameterizedTest
  @ValueSource(strings = {"80", "61c3", "e282", "c0af", "e080af", "eda080", "f4908080", "ff"})
  void refusesWhatIsNone(String hex) {
    assertThat(Utf8.isValid(HexFormat.of().parseHex(hex))).isFalse();
  }
}
