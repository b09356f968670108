package dev.carillon.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/AUTH-ENDPOINT.md says what is so. */
class DocumentTest {
  private static final Path PAGE = Path.of("..", "docs", "AUTH-ENDPOINT.md");
  private static final Pattern SQL = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

  private static final Pattern CALL = Pattern.compile("(?m)^\\| `(GET|POST|DELETE) (/[^` ]*)`");

  private static String page() throws IOException {
    return Files.readString(PAGE);
  }

  @Test
  void usersThatAreAddedAsItSaysCanSignIn() throws Exception {
    Matcher sql = SQL.matcher(page());
    assertThat(sql.find()).isTrue();
    TestSite.Setup setup = new TestSite.Setup();
    setup.sampleData = false;
    try (TestSite site = setup.start()) {
      for (String statement : sql.group(1).split(";\n")) {
        site.sql(statement);
      }
      TestBrowser eve = site.browser();
      eve.get("/");

      assertThat(eve.login("Eve@example.org", "correct horse").status()).isEqualTo(200);
      assertThat(eve.get("/api/teams").body())
          .isEqualTo("[{\"id\":\"t-3\",\"name\":\"Research\"}]");
    }
  }

  @Test
  void everyCallIsThere() throws IOException {
    try (TestSite site = TestSite.start()) {
      Matcher call = CALL.matcher(page());
      int found = 0;
      while (call.find()) {
        found++;
        String path = call.group(2).replaceAll("\\{\\w+}", "1");
        assertThat(site.browser().send(call.group(1), path, "", "", false).status())
            .as(call.group())
            .isNotIn(404, 405);
      }
      assertThat(found).isGreaterThan(15);
    }
  }

  @Test
  void everyTableAndColumnIsThere() throws Exception {
    TestSite.Setup setup = new TestSite.Setup();
    try (TestSite site = setup.start();
        Connection connection = DriverManager.getConnection(setup.database.url(), "sa", "");
        ResultSet columns = connection.getMetaData().getColumns(null, "PUBLIC", null, null)) {
      String page = page();
      int found = 0;
      while (columns.next()) {
        String table = columns.getString("TABLE_NAME").toLowerCase(Locale.ROOT);
        if (!table.startsWith("flyway")) {
          found++;
          String column = columns.getString("COLUMN_NAME").toLowerCase(Locale.ROOT);
          assertThat(page)
              .as(table + "." + column)
              .containsPattern("\\| `" + table + "` \\|[^\n]*`" + column + "`");
        }
      }
      assertThat(found).isGreaterThan(10);
      assertThat(site.port()).isPositive();
    }
  }
}
