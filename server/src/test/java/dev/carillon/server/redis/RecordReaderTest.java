package dev.carillon.server.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.server.status.UserRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That all comes back which was written is in StatusStoreContract. */
class RecordReaderTest {
  private static final String SHOWN =
      "\"shown\":{\"others\":{\"status\":\"offline\"},\"source\":\"nowhere\",\"since\":1.5,\"own_since\":2,"
          + "\"version\":3}";

  private static UserRecord read(String json) {
    return RecordReader.decode(("head " + json).getBytes(StandardCharsets.UTF_8), 5);
  }

  @Test
  void whatALaterVersionAddsIsIgnored() {
    UserRecord user =
        read(
            "{\"v\":1,\"later\":[{\"a\":[1,null]}],\"name\":\"Ann\",\"devices\":[{\"node\":\"n\",\"socket\":\"1.1\","
                + "\"active\":-1.000000001,\"battery\":0.5}],"
                + SHOWN
                + "}");

    assertThat(user.profile().name()).isEqualTo("Ann");
    assertThat(user.shown().since()).isEqualTo(Instant.ofEpochSecond(1, 500_000_000));
    assertThat(user.shown().own()).isEqualTo(user.shown().others());
    assertThat(user.devices().get(0).lastActive())
        .isEqualTo(Instant.EPOCH.minusSeconds(1).minusNanos(1));
    assertThat(RecordReader.decode(RecordWriter.encode(user), 0)).isEqualTo(user);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | expected an object",
        "{\"v\":1 | no JSON",
        "{\"v\":2,SHOWN} | got version 2, expected 1",
        "{\"v\":1} | got nothing as shown",
        "{\"v\":1,\"name\":7,SHOWN} | as name",
        "{\"v\":1,\"last_entry\":0.5,SHOWN} | as last_entry",
        "{\"v\":1,\"audience\":[1],SHOWN} | as audience",
        "{\"v\":1,\"choice\":{\"made\":\"now\"},SHOWN} | as choice.made",
        "{\"v\":1,\"choice\":{\"made\":1,\"status\":\"asleep\"},SHOWN} | as choice.status",
        "{\"v\":1,\"devices\":[{\"node\":\"n\",\"socket\":\"1.1\",\"active\":1},{}],SHOWN} | as devices[1].node",
        "{\"v\":1,\"active\":1e40,SHOWN} | as active"
      })
  void whatIsNoRecordIsRefusedByItsField(String json, String reason) {
    assertThatThrownBy(() -> read(json.replace("SHOWN", SHOWN)))
        .isInstanceOf(UnreadableRecordException.class)
        .hasMessageContaining(reason);
  }
}
