package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoginStormTest {
  @Test
  void aStormOfLoginsStarvesNobodyAndIsCutOff() {
    ExecutorService threads = Executors.newFixedThreadPool(150);
    try (TestSite site = TestSite.start()) {
      TestBrowser ann = site.signedIn("ann");
      ann.get("/api/me");
      AtomicInteger answered = new AtomicInteger();
      List<CompletableFuture<Integer>> storm =
          IntStream.range(0, 150)
              .mapToObj(
                  i ->
                      CompletableFuture.supplyAsync(
                          () -> {
                            TestBrowser browser = site.browser();
                            browser.get("/");
                            int status = browser.login("u" + i + "@example.com", "x").status();
                            answered.incrementAndGet();
                            return status;
                          },
                          threads))
              .toList();

      int calls = 0;
      while (answered.get() < 100) {
        assertThat(ann.get("/api/teams").status()).isEqualTo(200);
        calls++;
      }

      assertThat(calls).isGreaterThan(10);
      assertThat(storm.stream().map(CompletableFuture::join).toList())
          .contains(401)
          .isSubsetOf(401, 503);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void anUnknownEmailTakesAsLongAsAWrongPassword() {
    try (TestSite site = TestSite.start()) {
      TestBrowser browser = site.browser();
      browser.get("/");
      login(browser, "ann@example.com");

      Duration wrong = Duration.ZERO;
      Duration unknown = Duration.ZERO;
      for (String name : List.of("ben", "cat", "dan")) {
        wrong = wrong.plus(login(browser, name + "@example.com"));
        unknown = unknown.plus(login(browser, name + "@nowhere.example"));
      }

      // Without a hash to compute it would be some hundred times faster.
      assertThat(unknown).isBetween(wrong.dividedBy(10), wrong.multipliedBy(10));
    }
  }

  private static Duration login(TestBrowser browser, String email) {
    long start = System.nanoTime();
    assertThat(browser.login(email, "wrong").status()).isEqualTo(401);
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
