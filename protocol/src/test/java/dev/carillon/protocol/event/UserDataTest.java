package dev.carillon.protocol.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.carillon.protocol.ProtocolException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserDataTest {
  private static final int INFO = 40;

  @Test
  void saysWhoSignsIn() {
    UserData user =
        UserData.parse(
            "{\"id\":\"u1\",\"x\":[1],\"user_info\":{\"a\":1.50},\"watchlist\":[\"a\",\"c\"]}",
            INFO);

    assertThat(user.id()).isEqualTo(id("u1"));
    assertThat(user.userInfo()).hasToString("{\"a\":1.50}");
    assertThat(user.watchlist()).containsExactly(id("a"), id("c"));
    assertThat(user.watchlistCut()).isFalse();
  }

  @Test
  void needsAnIdOnly() {
    UserData user = UserData.parse("{\"id\":\"1\",\"user_info\":null,\"watchlist\":null}", INFO);

    assertThat(user).isEqualTo(UserData.parse("{\"id\":\"1\"}", INFO));
    assertThat(user.userInfo()).isNull();
    assertThat(user.watchlist()).isEmpty();
  }

  @Test
  void keepsTheFirstHundredOfALongWatchlist() {
    assertThat(UserData.parse(watching(100), INFO).watchlistCut()).isFalse();
    assertThat(UserData.parse(watching(101), INFO))
        .satisfies(user -> assertThat(user.watchlistCut()).isTrue())
        .satisfies(user -> assertThat(user.watchlist()).hasSize(100).endsWith(id("99")));
  }

  @Test
  void watchesEachUserOnce() {
    assertThat(UserData.parse("{\"id\":\"1\",\"watchlist\":[\"a\",\"b\",\"a\"]}", INFO).watchlist())
        .containsExactly(id("a"), id("b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | Invalid user_data: id is missing",
        "{\"id\":1} | Invalid user_data: expected a string in id, got a number",
        "{\"id\":null} | Invalid user_data: expected a string in id, got null",
        "{\"id\":\"\"} | Invalid user_id: got 0 characters, allowed are 1 to 128",
        "[] | Invalid user_data: expected a JSON object with id",
        "{\"id\":\"1\" | Invalid user_data: expected a JSON object with id",
        "{\"id\":\"1\"} x | Invalid user_data: expected a JSON object with id",
        "{\"id\":\"1\",\"watchlist\":\"a\"} | Invalid watchlist: expected an array of user ids, got a string",
        "{\"id\":\"1\",\"watchlist\":[7]} | Invalid user_data: expected a string in watchlist, got a number",
        "{\"id\":\"\\ud800\"} | Invalid user_id: got half a surrogate pair, allowed are characters that UTF-8 has",
        "{\"id\":\"1\",\"watchlist\":[\"\"]} | Invalid user_id: got 0 characters, allowed are 1 to 128",
        "{\"id\":\"1\",\"watchlist\":[\"a\" | Invalid user_data: expected a JSON object with id",
      })
  void isRefusedWithItsMistake(String userData, String mistake) {
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> UserData.parse(userData, INFO))
        .withMessage(mistake);
  }

  @Test
  void hasLimits() {
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> UserData.parse("{\"id\":\"" + "u".repeat(129) + "\"}", INFO))
        .withMessage("Invalid user_id: got 129 characters, allowed are 1 to 128");
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(
            () ->
                UserData.parse(
                    "{\"id\":\"1\",\"user_info\":\"" + "x".repeat(INFO - 1) + "\"}", INFO))
        .withMessage("user_info is too large: got 41 bytes, allowed are 40");
  }

  private static String watching(int users) {
    return IntStream.range(0, users)
        .mapToObj(i -> "\"" + i + "\"")
        .collect(Collectors.joining(",", "{\"id\":\"1\",\"watchlist\":[", "]}"));
  }

  private static UserId id(String value) {
    return new UserId(value, false);
  }
}
