package dev.carillon.protocol.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.carillon.protocol.ProtocolException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelNameTest {
  /** Prefixes are exact and at the start: "privateer" and "my-private-x" are public. */
  @ParameterizedTest
  @CsvSource({
    "news,PUBLIC",
    "privateer,PUBLIC",
    "private,PUBLIC",
    "my-private-x,PUBLIC",
    "Private-a,PUBLIC",
    "presence,PUBLIC",
    "cache-private-a,PUBLIC",
    "private-a,PRIVATE",
    "private-,PRIVATE",
    "private-cache-a,PRIVATE",
    "private-my-cache-room,PRIVATE",
    "private-encrypted,PRIVATE",
    "private-presence-a,PRIVATE",
    "private-encrypted-a,ENCRYPTED",
    "private-encrypted-cache-a,ENCRYPTED",
    "presence-a,PRESENCE",
    "presence-cache-a,PRESENCE",
    "#server-to-user-u1,USER",
  })
  void typeFollowsFromTheExactPrefix(String name, ChannelType type) {
    assertThat(ChannelName.of(name).type()).isEqualTo(type);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "A-Z_a.z=0,9;@", "-", "orders.1"})
  void acceptsTheProtocolsCharacters(String name) {
    assertThat(ChannelName.of(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "ü", "a:b", "a/b", "a#b", "a\n", "a\u0000", "😀"})
  void refusesOtherCharacters(String name) {
    assertRefused(() -> ChannelName.of(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"#", "#anything", "#server-to-user-", "#server-to-user-a b"})
  void refusesAHashThatIsNoUsersChannel(String name) {
    assertRefused(() -> ChannelName.of(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "ü", "orders:1/2", "private-日本", "😀"})
  void relaxedNamesMayBeAnythingPrintable(String name) {
    assertThat(ChannelName.relaxed(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb", "a\u0000", "a\u007f", "a\ud800", "#anything"})
  void relaxedNamesStillHaveLimits(String name) {
    assertRefused(() -> ChannelName.relaxed(name));
  }

  @Test
  void lengthIsLimited() {
    assertThat(ChannelName.of("a".repeat(200)).value()).hasSize(200);
    assertRefused(() -> ChannelName.of("a".repeat(201)));
    assertRefused(() -> ChannelName.relaxed("ü".repeat(201)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cache-a",
        "private-cache-a",
        "private-encrypted-cache-a",
        "presence-cache-a",
        "cache-private-a"
      })
  void cacheComesFirstOrRightBehindTheType(String name) {
    assertThat(ChannelName.of(name).isCache()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cached",
        "foo-cache-x",
        "private-my-cache-room",
        "private-cached",
        "private-encrypted-x-cache-a",
        "presence-a-cache-b",
        "presence-encrypted-cache-a",
        "#server-to-user-cache-a"
      })
  void cacheElsewhereInTheNameMeansNothing(String name) {
    assertThat(ChannelName.of(name).isCache()).isFalse();
  }

  @Test
  void usersChannelNamesItsUser() {
    assertThat(ChannelName.of("#server-to-user-u1").user()).isEqualTo("u1");
  }

  private static void assertRefused(ThrowingCallable call) {
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ProtocolException.Kind.CHANNEL_NAME));
  }
}
