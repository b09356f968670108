package dev.carillon.protocol.event;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.carillon.protocol.ProtocolException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelDataTest {
  private static final String ALLOWED =
      "Invalid user_id: expected a string or an integer of at most 9007199254740991, got ";

  @ParameterizedTest
  @CsvSource({
    "1.5,1.5",
    "1e2,1e2",
    "9007199254740992,9007199254740992",
    "-9007199254740992,-9007199254740992",
    "12345678901234567890123456789012345,a number of 35 characters",
    "true,a boolean",
    "null,null",
    "[],an array",
    "{},an object"
  })
  void tellsWhatItGotForAUserId(String userId, String got) {
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> ChannelData.member("{\"user_id\":" + userId + "}", 100))
        .withMessage(ALLOWED + got);
  }
}
