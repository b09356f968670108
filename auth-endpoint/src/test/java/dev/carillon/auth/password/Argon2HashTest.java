package dev.carillon.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Argon2HashTest {
  @Test
  void aHashIsOfItsPasswordOnlyAndSaysHowItWasMade() {
    Argon2Hash hash = Argon2Hash.of("pässword");

    assertThat(hash.text())
        .matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
    assertThat(Argon2Hash.parse(hash.text()).matches("pässword")).isTrue();
    assertThat(Argon2Hash.parse(hash.text()).matches("passWord")).isFalse();
    assertThat(hash.matches("")).isFalse();
    assertThat(Argon2Hash.of("pässword").text()).isNotEqualTo(hash.text());
    assertThat(hash.toString()).doesNotContain("$");
  }

  // Made by argon2-cffi 25.1.0, which wraps the reference implementation.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQxMjM0NTY3OA$Hmk49RH516iPHGpKSdRGaFzi4/WOzzNeB5UJIKAgHbs",
        "$argon2i$v=19$m=4096,t=3,p=4$c29tZXNhbHQxMjM0NTY3OA$ciPO2K9yzjWAFzTU54eep3K4iYz+jV2D",
        "$argon2d$v=16$m=1024,t=1,p=1$c29tZXNhbHQxMjM0NTY3OA$2LXcu3kIGlObdNL1oEn655YD95fAPiGZFYOSMlB+nU0"
      })
  void hashesOfOthersAreVerified(String text) {
    assertThat(Argon2Hash.parse(text).matches("password")).isTrue();
    assertThat(Argon2Hash.parse(text).matches("Password")).isFalse();
  }

  @Test
  void nobodysHashFitsNothingAndCostsTheSame() {
    assertThat(Argon2Hash.ofNobody().matches("")).isFalse();
    assertThat(Argon2Hash.ofNobody().text()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "$2y$12$abcdefghijklmnopqrstuv",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$",
        "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHApl8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=999,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHApl8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=2,p=999$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHApl8ArZWb2GRPPc"
      })
  void whatIsNoHashOrCostsTooMuchIsRefused(String text) {
    assertThatThrownBy(() -> Argon2Hash.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("password hash: ");
  }
}
