package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.auth.TestBrowser.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is so again, or no more, after a time; by a clock that only the test moves. */
class PassingTimeTest {
  private final TestClock clock = new TestClock();
  @AutoClose private final RecordingServer server = new RecordingServer();
  @AutoClose private final TestSite site = site();

  private TestSite site() {
    TestSite.Setup setup = new TestSite.Setup();
    setup.server = server.url();
    setup.clock = clock;
    return setup.start();
  }

  @Test
  void activityIsToldAgainAfterHalfAMinute() {
    TestBrowser ann = site.signedIn("ann");
    ann.get("/api/me");
    assertThat(server.nextActivity()).hasToString("POST /apps/app-id/users/1/activity");

    clock.pass(Duration.ofSeconds(30).minusMillis(1));
    ann.get("/api/me");
    clock.pass(Duration.ofMillis(1));
    Instant due = clock.instant();
    ann.get("/api/me");

    assertThat(server.nextActivity())
        .hasToString("POST /apps/app-id/users/1/activity")
        .satisfies(call -> assertThat(call.signedAt()).isEqualTo(due.getEpochSecond()));
    site.signedIn("ben").get("/api/me");
    assertThat(server.nextActivity()).hasToString("POST /apps/app-id/users/2/activity");
    assertThat(server.activitiesWaiting()).isZero();
  }

  @Test
  void aStatusIsActivityToo() {
    TestBrowser ann = site.signedIn("ann");
    ann.postJson("/api/presence/status", Map.of("status", "busy"));
    assertThat(server.nextActivity()).hasToString("POST /apps/app-id/users/1/activity");
    ann.get("/api/me");

    clock.pass(Duration.ofSeconds(30));
    Instant due = clock.instant();
    ann.get("/api/me");

    assertThat(server.nextActivity().signedAt()).isEqualTo(due.getEpochSecond());
    assertThat(server.activitiesWaiting()).isZero();
  }

  @Test
  void aSessionEndsAfterTwelveHours() {
    TestBrowser ann = site.signedIn("ann");

    clock.pass(Duration.ofHours(12).minusSeconds(1));
    assertThat(ann.get("/api/me").status()).isEqualTo(200);
    clock.pass(Duration.ofSeconds(1));

    assertThat(ann.get("/api/me").status()).isEqualTo(401);
  }

  @Test
  void failedLoginsCountForAMinute() {
    TestBrowser browser = site.browser();
    browser.get("/");
    for (int i = 0; i < 5; i++) {
      browser.login("dan@example.com", "wrong");
    }
    Answer refused = browser.login("dan@example.com", "carillon");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("retry-after")).isEqualTo("60");

    clock.pass(Duration.ofSeconds(60));

    assertThat(browser.login("dan@example.com", "carillon").status()).isEqualTo(200);
  }
}
