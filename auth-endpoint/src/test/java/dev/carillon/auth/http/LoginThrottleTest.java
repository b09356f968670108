package dev.carillon.auth.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {
  private Instant now = Instant.EPOCH;
  private final LoginThrottle throttle = new LoginThrottle(2, Duration.ofMinutes(1), 3, () -> now);

  private void fail(String email) {
    throttle.failed(email, "10.0.0.1");
  }

  @Test
  void anotherAddressIsNotHeldBack() {
    fail("ann");
    fail("ann");

    assertThatThrownBy(() -> throttle.check("ANN", "10.0.0.1")).hasMessageContaining("60 seconds");
    assertThatCode(() -> throttle.check("ann", "10.0.0.2")).doesNotThrowAnyException();
  }

  @Test
  void failuresAreForgottenAfterTheWindow() {
    fail("ann");
    now = now.plusSeconds(30);
    fail("ann");

    now = now.plusSeconds(30);

    assertThatCode(() -> fail("ann")).doesNotThrowAnyException();
    assertThatThrownBy(() -> throttle.check("ann", "10.0.0.1")).hasMessageContaining("30 seconds");
  }

  @Test
  void onlySoManyAreRemembered() {
    fail("ann");
    fail("ann");
    fail("b");
    fail("c");
    fail("d");

    assertThatCode(() -> throttle.check("ann", "10.0.0.1")).doesNotThrowAnyException();
  }
}
