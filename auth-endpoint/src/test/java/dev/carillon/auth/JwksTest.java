package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** When an identity provider's keys are fetched; by a clock that only the test moves. */
class JwksTest {
  private static final RSAKey OLD = IdentityProvider.rsa("old");
  private static final RSAKey NEW = IdentityProvider.rsa("new");

  private final TestClock clock = new TestClock();
  @AutoClose private final IdentityProvider provider = new IdentityProvider();
  @AutoClose private final TestSite site = site();

  private TestSite site() {
    provider.publish(OLD);
    TestSite.Setup setup = new TestSite.Setup();
    setup.jwt = provider.config("RS256");
    setup.clock = clock;
    return setup.start();
  }

  /** What a token of that key, made now, is answered. */
  private int status(RSAKey key) {
    String token =
        IdentityProvider.sign(key, IdentityProvider.claims("1", clock.instant()).build());
    return site.bearing(token).get("/api/me").status();
  }

  @Test
  void keysAreFetchedAgainWhenTheyAreTenMinutesOld() {
    assertThat(status(OLD)).isEqualTo(200);
    provider.nextFetch();
    provider.withdraw(OLD);
    provider.publish(NEW);

    clock.pass(Duration.ofMinutes(10));
    assertThat(status(OLD)).as("still good").isEqualTo(200);
    assertThat(provider.asked).hasValue(1);
    clock.pass(Duration.ofMillis(1));
    assertThat(status(OLD)).as("fetched beside the answer").isEqualTo(200);
    provider.nextFetch();

    assertThat(status(NEW)).isEqualTo(200);
    assertThat(status(OLD)).as("withdrawn").isEqualTo(401);
    assertThat(provider.asked).hasValue(2);
  }

  @Test
  void anUnknownKeyIsFetchedAtOnceButNotTwiceInHalfAMinute() {
    assertThat(status(OLD)).isEqualTo(200);
    provider.publish(NEW);
    clock.pass(Duration.ofSeconds(30).minusMillis(1));
    assertThat(status(NEW)).as("asked just now").isEqualTo(401);
    assertThat(provider.asked).hasValue(1);

    clock.pass(Duration.ofMillis(1));

    assertThat(status(NEW)).isEqualTo(200);
    assertThat(provider.asked).hasValue(2);
    assertThat(status(OLD)).isEqualTo(200);
    assertThat(provider.asked).hasValue(2);
  }

  @Test
  void keysThatCannotBeFetchedAgainStayGoodAndAreTriedForLater() {
    assertThat(status(OLD)).isEqualTo(200);
    provider.nextFetch();
    provider.status = 500;
    clock.pass(Duration.ofMinutes(11));
    assertThat(status(OLD)).isEqualTo(200);
    provider.nextFetch();
    assertThat(status(NEW)).as("the fetch is over, and nothing is known of it").isEqualTo(401);
    provider.status = 200;
    provider.publish(NEW);

    clock.pass(Duration.ofSeconds(30));

    assertThat(status(NEW)).isEqualTo(200);
  }
}
