package dev.carillon.auth;

import dev.carillon.auth.config.DatabaseConfig;
import java.util.UUID;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** As {@link PostgresTest}, with the server that Docker has. */
@Testcontainers(disabledWithoutDocker = true)
class PostgresDockerTest implements DatabaseContract {
  @Container
  private static final PostgreSQLContainer SERVER = new PostgreSQLContainer("postgres:17-alpine");

  @Override
  public DatabaseConfig empty() {
    DatabaseConfig main =
        new DatabaseConfig(SERVER.getJdbcUrl(), SERVER.getUsername(), SERVER.getPassword(), 5);
    String name = "d" + UUID.randomUUID().toString().replace("-", "");
    TestSite.sql(main, "CREATE DATABASE " + name);
    String url = SERVER.getJdbcUrl().replaceFirst("/" + SERVER.getDatabaseName(), "/" + name);
    return new DatabaseConfig(url, main.user(), main.password(), 5);
  }
}
