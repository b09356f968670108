package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoginStormTest {
  // More than are hashed at once and may wait besides.
  private static final int LOGINS = 110 + Runtime.getRuntime().availableProcessors();
  // What Argon2 fills for one password, by the parameters of new hashes.
  private static final long HASH_BYTES = 19_456L * 1_024;

  @Test
  void aStormOfLoginsIsCutOffAndStarvesNobody() throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(LOGINS);
    try (TestSite site = TestSite.start()) {
      TestBrowser ann = site.signedIn("ann");
      CountDownLatch cutOff = new CountDownLatch(1);
      Queue<Integer> answers = new ConcurrentLinkedQueue<>();
      for (int i = 0; i < LOGINS; i++) {
        TestBrowser browser = site.browser();
        String email = "u" + i + "@example.com";
        CompletableFuture.supplyAsync(() -> failedLogin(browser, email), threads)
            .thenAccept(
                status -> {
                  answers.add(status);
                  if (status == 503) {
                    cutOff.countDown();
                  }
                });
      }

      // From then on there are a hundred that wait to be hashed.
      assertThat(cutOff.await(60, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < 10; i++) {
        assertThat(ann.get("/api/teams").status()).isEqualTo(200);
      }

      assertThat(answers).hasSizeLessThan(LOGINS).isSubsetOf(401, 503);
    } finally {
      threads.shutdownNow();
    }
  }

  private static int failedLogin(TestBrowser browser, String email) {
    browser.get("/");
    return browser.login(email, "wrong").status();
  }

  /** Seen by the memory that Argon2 fills, since times say little on a machine that is busy. */
  @Test
  void aPasswordIsHashedForAnUnknownEmailToo() {
    try (TestSite site = TestSite.start()) {
      TestBrowser browser = site.browser();
      long begin = filledByHashing();
      assertThat(failedLogin(browser, "ann@example.com")).isEqualTo(401);
      long wrong = filledByHashing();
      assertThat(failedLogin(browser, "nobody@example.com")).isEqualTo(401);
      long unknown = filledByHashing();

      assertThat(wrong - begin).isBetween(HASH_BYTES, 2 * HASH_BYTES);
      assertThat(unknown - wrong).isBetween(HASH_BYTES, 2 * HASH_BYTES);
    }
  }

  /** So many bytes have been allocated by the threads that hash passwords. */
  private static long filledByHashing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("auth-passwords"))
        .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.getId()))
        .sum();
  }
}
