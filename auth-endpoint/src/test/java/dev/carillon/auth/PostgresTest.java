package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.carillon.auth.TestBrowser.Answer;
import dev.carillon.auth.config.DatabaseConfig;
import dev.carillon.auth.support.PostgresServer;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PostgresTest implements DatabaseContract {
  private static PostgresServer server;

  private final Logger log = (Logger) LoggerFactory.getLogger("dev.carillon.auth.http");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    log.addAppender(lines);
  }

  @AfterEach
  void detach() {
    log.detachAppender(lines);
  }

  @BeforeAll
  static void start() {
    server = PostgresServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  public DatabaseConfig empty() {
    return server.newDatabase();
  }

  private static TestSite site(DatabaseConfig database) {
    TestSite.Setup setup = new TestSite.Setup();
    setup.database = database;
    return setup.start();
  }

  @Test
  void whileTheDatabaseIsAwayUsersAreToldSoAndThenItGoesOn() throws Exception {
    try (TestSite site = site(empty())) {
      TestBrowser ann = site.signedIn("ann");
      TestBrowser visitor = site.browser();
      visitor.get("/");

      server.pause();
      Answer me = ann.get("/api/me");
      Answer login = visitor.login("ben@example.com", "carillon");

      assertThat(me.status()).isEqualTo(503);
      assertThat(me.body())
          .isEqualTo("{\"message\":\"The user database cannot be reached at the moment.\"}");
      assertThat(me.header("retry-after")).isNotEmpty();
      assertThat(login.status()).isEqualTo(503);
      assertThat(visitor.get("/").status()).isEqualTo(200);

      server.resume();
      // Connections that were lost meanwhile are found to be so one after the other.
      Answer again = ann.get("/api/me");
      for (long start = System.nanoTime();
          again.status() == 503 && System.nanoTime() - start < 10_000_000_000L; ) {
        again = ann.get("/api/me");
      }
      assertThat(again.json().path("name").textValue()).isEqualTo("Ann");
      assertThat(visitor.login("ben@example.com", "carillon").status()).isEqualTo(200);
    }
  }

  @Test
  void whyTheDatabaseIsAwayIsLoggedThoughItWentWithoutAWord() throws Exception {
    try (TestSite site = site(empty())) {
      TestBrowser ann = site.signedIn("ann");

      server.crash();
      assertThat(ann.get("/api/me").status()).isEqualTo(503);

      assertThat(lines.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .filteredOn(line -> line.startsWith("database away"))
          .singleElement()
          .asString()
          .matches("database away: \\w.+")
          .isNotEqualTo("database away: null");
    } finally {
      server.resume();
    }
  }

  @Test
  void aWrongPasswordOrDatabaseStopsTheStartInOneLine() {
    DatabaseConfig right = empty();

    assertRefused(
        new DatabaseConfig(right.url(), right.user(), "wrong-hush", 1),
        "password authentication failed for user \"postgres\"");
    assertRefused(
        new DatabaseConfig(right.url() + "x", right.user(), right.password(), 1), "does not exist");
  }

  private static void assertRefused(DatabaseConfig database, String text) {
    TestSite.Setup setup = new TestSite.Setup();
    setup.database = database;
    try (AuthEndpoint endpoint = new AuthEndpoint(setup.config())) {
      assertThatThrownBy(endpoint::start)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "auth endpoint: database " + database.url() + ": cannot be opened")
          .hasMessageContaining(text)
          .hasMessageNotContaining("hush")
          .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }
  }
}
