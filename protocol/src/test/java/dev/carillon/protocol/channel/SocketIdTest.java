package dev.carillon.protocol.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.carillon.protocol.ProtocolException;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketIdTest {
  @ParameterizedTest
  @ValueSource(strings = {"1.1", "123.456", "4611686018427387903.9223372036854775807"})
  void acceptsTwoNumbers(String value) {
    assertThat(new SocketId(value)).hasToString(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "1",
        "1.",
        ".1",
        "1.2.3",
        "a.b",
        "1.2\n",
        "-1.2",
        "1,2",
        "١.٢",
        "1.1234567890123456789012345678901234567890"
      })
  void refusesAnythingElse(String value) {
    assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> new SocketId(value));
  }

  @Test
  void idsNeverRepeatInAProcess() {
    SocketIds ids = new SocketIds(new Random(1));
    Set<SocketId> given = ConcurrentHashMap.newKeySet();

    IntStream.range(0, 100_000).parallel().forEach(i -> given.add(ids.next()));

    assertThat(given).hasSize(100_000);
  }

  @Test
  void processesDifferInTheFirstNumber() {
    Random random = new Random(1);

    assertThat(new SocketIds(random).next()).isNotEqualTo(new SocketIds(random).next());
  }
}
