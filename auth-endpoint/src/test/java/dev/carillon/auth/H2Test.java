package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.auth.config.DatabaseConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2Test implements DatabaseContract {
  @TempDir Path folder;

  @Override
  public DatabaseConfig empty() {
    return new DatabaseConfig("jdbc:h2:" + folder.resolve(UUID.randomUUID().toString()), "", "", 5);
  }

  private DatabaseConfig file(String settings) {
    return new DatabaseConfig("jdbc:h2:" + folder.resolve("a b/auth") + settings, "", "", 10);
  }

  private TestSite site(boolean sampleData) {
    return site("", sampleData);
  }

  private TestSite site(String settings, boolean sampleData) {
    TestSite.Setup setup = new TestSite.Setup();
    setup.database = file(settings);
    setup.sampleData = sampleData;
    return setup.start();
  }

  @Test
  void aFileKeepsUsersAndWhatWasSignedOutOverARestart() {
    TestBrowser ann;
    TestBrowser ben;
    Map<String, String> kept;
    try (TestSite site = site(true)) {
      ann = site.signedIn("ann");
      kept = Map.copyOf(ann.cookies);
      ann.postJson("/logout", Map.of());
      ben = site.signedIn("ben");
    }

    try (TestSite site = site(false)) {
      TestBrowser thief = site.browser();
      thief.cookies.putAll(kept);
      TestBrowser later = site.browser();
      later.cookies.putAll(ben.cookies);
      assertThat(thief.get("/api/me").status()).isEqualTo(401);
      assertThat(later.get("/api/me").json().path("name").textValue()).isEqualTo("Ben");
      assertThat(site.signedIn("cat").get("/api/me").status()).isEqualTo(200);
    }
    assertThat(folder.resolve("a b/auth.mv.db")).exists();
  }

  @Test
  void theUrlsOwnSettingsCount() {
    try (TestSite site = site(";AUTO_SERVER=TRUE;USER=me;PASSWORD=hush", true)) {
      assertThat(site.signedIn("ann").get("/api/me").status()).isEqualTo(200);
    }
    assertRefused(file(";USER=me;PASSWORD=wrong"), "Wrong user name or password");
  }

  @Test
  void aDatabaseThatCannotBeOpenedStopsTheStartInOneLine() throws Exception {
    Files.createDirectories(folder.resolve("a b"));
    Files.writeString(folder.resolve("a b/auth.mv.db"), "no database");

    assertRefused(file(""), "jdbc:h2:" + folder.resolve("a b/auth"));
    assertRefused(
        new DatabaseConfig("jdbc:h2:" + folder + "/x;IFEXISTS=TRUE;PASSWORD=hush", "", "", 1),
        "not found");
    assertRefused(
        new DatabaseConfig("jdbc:postgresql://127.0.0.1:1/x?password=hush", "u", "hush", 1),
        "jdbc:postgresql://127.0.0.1:1/x: cannot be opened: ");
  }

  private static void assertRefused(DatabaseConfig database, String text) {
    TestSite.Setup setup = new TestSite.Setup();
    setup.database = database;
    try (AuthEndpoint endpoint = new AuthEndpoint(setup.config())) {
      assertThatThrownBy(endpoint::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(text)
          .hasMessageNotContaining("hush")
          .satisfies(e -> assertThat(e.getMessage()).hasLineCount(1));
    }
  }
}
