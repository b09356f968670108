package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.auth.TestBrowser.Answer;
import dev.carillon.auth.config.DatabaseConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What is so on every kind of database, also with two instances on one, and after a restart. */
interface DatabaseContract {
  /** One without any tables. */
  DatabaseConfig empty();

  private static TestSite.Setup on(DatabaseConfig database) {
    TestSite.Setup setup = new TestSite.Setup();
    setup.database = database;
    return setup;
  }

  private static TestBrowser same(TestSite site, TestBrowser browser) {
    TestBrowser other = site.browser();
    other.cookies.putAll(browser.cookies);
    return other;
  }

  @Test
  default void sampleUsersCanSignInAndAreInTheirTeams() {
    try (TestSite site = on(empty()).start()) {
      assertThat(site.signedIn("ann").get("/api/teams").body())
          .isEqualTo("[{\"id\":\"1\",\"name\":\"Design\"}]");
      assertThat(site.signedIn("cat").get("/api/teams").body())
          .isEqualTo("[{\"id\":\"1\",\"name\":\"Design\"},{\"id\":\"2\",\"name\":\"Operations\"}]");
      assertThat(
              site.signedIn("dan")
                  .postAsPusher("/broadcasting/user-auth", Map.of("socket_id", "1.2"))
                  .json()
                  .path("user_data")
                  .textValue())
          .contains("\"watchlist\":[\"3\"]");
      assertThat(site.browser().get("/settings.json").json().path("samples")).hasSize(4);
    }
  }

  @Test
  default void twoInstancesAreOneForTheirUsers() {
    DatabaseConfig database = empty();
    try (TestSite one = on(database).start();
        TestSite two = on(database).start()) {
      TestBrowser ann = one.signedIn("ann");
      TestBrowser elsewhere = same(two, ann);
      TestBrowser thief = same(two, ann);

      assertThat(elsewhere.get("/api/me").json().path("name").textValue()).isEqualTo("Ann");
      assertThat(elsewhere.postJson("/logout", Map.of()).status()).isEqualTo(200);
      assertThat(ann.get("/api/me").status()).isEqualTo(401);
      assertThat(thief.get("/api/me").status()).isEqualTo(401);
      assertThat(thief.get("/settings.json").json().path("user").isNull()).isTrue();
    }
  }

  @Test
  default void signingOutTwiceAtTheSameTimeIsFine() throws Exception {
    try (TestSite site = on(empty()).start()) {
      TestBrowser ann = site.signedIn("ann");
      List<TestBrowser> tabs = List.of(same(site, ann), same(site, ann), same(site, ann), ann);

      for (int status : atOnce(4, i -> tabs.get(i).postJson("/logout", Map.of()).status())) {
        assertThat(status).isEqualTo(200);
      }
    }
  }

  @Test
  default void failedLoginsCountForBothInstances() {
    DatabaseConfig database = empty();
    try (TestSite one = on(database).start();
        TestSite two = on(database).start()) {
      for (int i = 0; i < 5; i++) {
        TestBrowser browser = (i % 2 == 0 ? one : two).browser();
        browser.get("/");
        assertThat(browser.login("ben@example.com", "wrong").status()).isEqualTo(401);
      }

      TestBrowser browser = two.browser();
      browser.get("/");
      Answer sixth = browser.login("ben@example.com", "carillon");

      assertThat(sixth.status()).isEqualTo(429);
      assertThat(Integer.parseInt(sixth.header("retry-after"))).isBetween(1, 60);
    }
  }

  @Test
  default void attemptsAtTheSameTimeAreCountedToo() throws Exception {
    try (TestSite site = on(empty()).start()) {
      int[] answers =
          atOnce(
              20,
              i -> {
                TestBrowser browser = site.browser();
                browser.get("/");
                return browser.login("ben@example.com", "wrong" + i).status();
              });

      // Each thread that hashes may be at one more when the fifth is counted.
      assertThat(answers).containsOnly(401, 429);
      assertThat(java.util.Arrays.stream(answers).filter(status -> status == 401).count())
          .isBetween(5L, 5L + Runtime.getRuntime().availableProcessors());
    }
  }

  @Test
  default void rightLoginsAtTheSameTimeAllSucceed() throws Exception {
    try (TestSite site = on(empty()).start()) {
      int[] answers =
          atOnce(
              12,
              i -> {
                TestBrowser browser = site.browser();
                browser.get("/");
                return browser.login("ben@example.com", "carillon").status();
              });

      assertThat(answers).containsOnly(200);
    }
  }

  @Test
  default void twoThatStartAtOnceFillAnEmptyDatabaseOnce() throws Exception {
    DatabaseConfig database = empty();
    TestSite[] sites = new TestSite[2];
    atOnce(
        2,
        i -> {
          sites[i] = on(database).start();
          return 0;
        });

    for (TestSite site : sites) {
      try (site) {
        assertThat(site.signedIn("ann").get("/api/me").status()).isEqualTo(200);
      }
    }
  }

  @Test
  default void usersThatAreThereAreLeftAlone() {
    DatabaseConfig database = empty();
    TestSite.Setup setup = on(database);
    setup.sampleData = false;
    try (TestSite site = setup.start()) {
      assertThat(site.signedIn("ann").get("/api/me").status()).isEqualTo(401);
      site.sql("INSERT INTO users (id, name, email) VALUES ('1', 'Zoe', 'zoe@example.com')");
    }

    try (TestSite site = on(database).start()) {
      assertThat(site.signedIn("ann").get("/api/me").status()).isEqualTo(401);
      assertThat(site.signedIn("zoe").get("/api/me").status()).isEqualTo(401); // has no password
      assertThat(site.browser().get("/settings.json").json().path("samples")).isEmpty();
    }
  }

  @Test
  default void hostileTextIsOnlyTextForTheDatabase() {
    try (TestSite site = on(empty()).start()) {
      TestBrowser browser = site.browser();
      browser.get("/");
      for (String hostile :
          List.of(
              "' OR '1'='1",
              "ann@example.com' --",
              "ann@example.com\u0000",
              "\ud800@example.com",
              "%",
              "x'; DROP TABLE users; --",
              "a".repeat(10_000))) {
        assertThat(browser.login(hostile, "carillon").status()).as(hostile).isEqualTo(401);
        assertThat(browser.login("cat@example.com", hostile).status()).as(hostile).isIn(401, 429);
      }
      assertThat(site.signedIn("ann").get("/api/me").status()).isEqualTo(200);
    }
  }

  /** What becomes of a user who was removed while signed in. */
  @Test
  default void aUserWhoIsNoMoreIsSignedOut() {
    try (TestSite site = on(empty()).start()) {
      TestBrowser dan = site.signedIn("dan");
      site.sql("DELETE FROM users WHERE id = '4'");

      assertThat(dan.get("/api/me").status()).isEqualTo(401);
      assertThat(
              dan.postAsPusher(
                      "/broadcasting/auth",
                      Map.of("socket_id", "1.2", "channel_name", "private-App.Models.User.4"))
                  .status())
          .isEqualTo(403);
    }
  }

  /** The numbers of a task, which are done at the same time. */
  interface Numbered {
    int of(int number) throws Exception;
  }

  static int[] atOnce(int count, Numbered task) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      List<Callable<Integer>> tasks =
          java.util.stream.IntStream.range(0, count)
              .mapToObj(i -> (Callable<Integer>) () -> task.of(i))
              .toList();
      int[] results = new int[count];
      int i = 0;
      for (Future<Integer> result : threads.invokeAll(tasks)) {
        results[i++] = result.get();
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
