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

      long start = System.nanoTime();
      int calls = 0;
      Duration longest = Duration.ZERO;
      while (answered.get() < 100) {
        assertThat(ann.get("/api/teams").status()).isEqualTo(200);
        calls++;
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        longest = took.compareTo(longest) > 0 ? took : longest;
        start = System.nanoTime();
      }

      assertThat(calls).isGreaterThan(10);
      assertThat(longest).isLessThan(Duration.ofSeconds(2));
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

      assertThat(unknown).isBetween(wrong.dividedBy(3), wrong.multipliedBy(3));
    }
  }

  private static Duration login(TestBrowser browser, String email) {
    long start = System.nanoTime();
    assertThat(browser.login(email, "wrong").status()).isEqualTo(401);
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
