package dev.carillon.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.carillon.protocol.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchTest {
  private static final String ITEM = "{\"name\":\"e\",\"data\":\"1\",\"channel\":\"a\"}";
  private static final TriggerLimits LIMITS = new TriggerLimits(20, false);

  @Test
  void readsEachItem() {
    List<TriggerRequest> items =
        parse(
            ITEM
                + ",{\"channel\":\"presence-b\",\"name\":\"f\",\"data\":\"\\u0032\",\"info\":\"user_count\"}");

    assertThat(items).map(TriggerRequest::name).containsExactly("e", "f");
    assertThat(items.get(1).data()).hasToString("\"\\u0032\"");
    assertThat(items.get(1).info()).containsExactly(Info.USER_COUNT);
  }

  @Test
  void takesTenItemsAndNoMore() {
    assertThat(parse(items(10))).hasSize(10);

    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> parse(items(11)))
        .withMessage("Batch too large (11 > 10)");
  }

  @Test
  void refusesAllForOneThatIsTooLarge() {
    String large = "{\"name\":\"e\",\"data\":\"" + "x".repeat(21) + "\",\"channel\":\"a\"}";

    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> parse(ITEM + "," + large))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ProtocolException.Kind.TOO_LARGE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|Missing required parameter: batch",
        "{\"batch\":{}}|Expected batch parameter to be an array, got an object",
        "{\"batch\":[]}|Expected batch to have 1 to 10 events, got 0",
        "{\"batch\":[1]}|Expected batch parameter to be an array of objects, got a number",
        "{\"batch\":[{\"name\":\"e\",\"data\":\"1\",\"channels\":[\"a\"]}]}"
            + "|Missing required parameter: channel",
        "{\"batch\":[{\"name\":\"e\"|Invalid body: expected a JSON object",
      })
  void namesWhatIsWrong(String body, String text) {
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> TriggerBatch.parse(body.getBytes(StandardCharsets.UTF_8), LIMITS))
        .withMessage(text);
  }

  private static String items(int count) {
    return String.join(",", Collections.nCopies(count, ITEM));
  }

  private static List<TriggerRequest> parse(String items) {
    byte[] body = ("{\"x\":[{}],\"batch\":[" + items + "]}").getBytes(StandardCharsets.UTF_8);
    return TriggerBatch.parse(body, LIMITS).events();
  }
}
