package dev.carillon.auth.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.carillon.auth.config.DatabaseConfig;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open database of the newest schema, and its pool of connections.
 *
 * <p>Thread-safe; blocks.
 */
public final class Database implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Database.class);
  private static final String MIGRATIONS = "classpath:dev/carillon/auth/database/migrations";
  private static final Duration CONNECTION_PATIENCE = Duration.ofSeconds(3);
  private static final String DUPLICATE_KEY = "23505";
  private static final String CONNECT_SECONDS = "3";
  private static final String ANSWER_SECONDS = "10";

  private final HikariDataSource pool;
  private final Jdbi jdbi;
  // A database in memory is gone with its last connection, and a pool may have none for a moment.
  private final @Nullable Connection keeper;

  private Database(HikariDataSource pool, @Nullable Connection keeper) {
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
    this.keeper = keeper;
  }

  /**
   * Opens it, and brings its schema up to date.
   *
   * @throws IOException that names the database and why not, in one line without a password
   */
  public static Database open(DatabaseConfig config) throws IOException {
    try {
      // By hand at first: of a pool that does not fill, the log would tell with a stack trace.
      Connection first = DriverManager.getConnection(config.url(), properties(config));
      Connection keeper = config.url().startsWith("jdbc:h2:mem:") ? first : null;
      HikariDataSource pool = new HikariDataSource(options(config));
      Database database = new Database(pool, keeper);
      try {
        Flyway.configure().dataSource(pool).locations(MIGRATIONS).load().migrate();
      } catch (FlywayException e) {
        database.close();
        throw e;
      } finally {
        if (keeper == null) {
          first.close();
        }
      }
      return database;
    } catch (SQLException | FlywayException e) {
      throw cannotOpen(config, e);
    }
  }

  private static IOException cannotOpen(DatabaseConfig config, Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String reason = String.valueOf(cause.getMessage()).replaceAll("\\s*\\R\\s*", " ");
    String hint =
        reason.contains("is locked")
            ? "; several instances need PostgreSQL, or ;AUTO_SERVER=TRUE at the end of the URL"
            : "";
    return new IOException(
        "auth endpoint: database %s: cannot be opened: %s%s"
            .formatted(config.shown(), reason, hint),
        e);
  }

  private static HikariConfig options(DatabaseConfig config) {
    HikariConfig options = new HikariConfig();
    options.setPoolName("auth-database");
    options.setJdbcUrl(config.url());
    options.setMaximumPoolSize(config.connections());
    options.setMinimumIdle(1);
    options.setConnectionTimeout(CONNECTION_PATIENCE.toMillis());
    options.setInitializationFailTimeout(-1);
    options.setDataSourceProperties(properties(config));
    return options;
  }

  private static Properties properties(DatabaseConfig config) {
    Properties properties = new Properties();
    if (config.embedded()) {
      String url = config.url().toUpperCase(Locale.ROOT);
      if (!url.contains(";AUTO_SERVER=TRUE")) {
        // Whoever starts the endpoint closes it; H2 would hook into the end of the process.
        properties.setProperty("DB_CLOSE_ON_EXIT", "FALSE");
      }
      // H2's own custom, unless the URL has others.
      if (!url.contains(";USER=")) {
        properties.setProperty("user", "sa");
      }
      if (!url.contains(";PASSWORD=")) {
        properties.setProperty("password", "");
      }
    } else {
      // What does not answer shall not hold a thread for ever.
      properties.setProperty("connectTimeout", CONNECT_SECONDS);
      properties.setProperty("loginTimeout", CONNECT_SECONDS);
      properties.setProperty("socketTimeout", ANSWER_SECONDS);
      properties.setProperty("tcpKeepAlive", "true");
      properties.setProperty("ApplicationName", "carillon-auth-endpoint");
    }
    if (!config.user().isEmpty()) {
      properties.setProperty("user", config.user());
    }
    if (!config.password().isEmpty()) {
      properties.setProperty("password", config.password());
    }
    return properties;
  }

  /**
   * Does one thing with a connection.
   *
   * @throws DatabaseUnavailableException if none is to be had, or it broke
   */
  <T> T with(Function<Handle, T> work) {
    return guarded(() -> jdbi.withHandle(work::apply));
  }

  /**
   * Does several things, all or none.
   *
   * @throws DatabaseUnavailableException if there is no connection, or it broke
   */
  <T> T inTransaction(Function<Handle, T> work) {
    return guarded(() -> jdbi.inTransaction(work::apply));
  }

  /**
   * Inserts a row, unless there is one of its key.
   *
   * @throws DatabaseUnavailableException if there is no connection, or it broke
   */
  void insertUnlessThere(String insert, Object... values) {
    try {
      with(handle -> handle.execute(insert, values));
    } catch (UnableToExecuteStatementException e) {
      if (!(e.getCause() instanceof SQLException cause)
          || !DUPLICATE_KEY.equals(cause.getSQLState())) {
        throw e;
      }
    }
  }

  private interface Work<T> {
    T done();
  }

  private static <T> T guarded(Work<T> work) {
    try {
      return work.done();
    } catch (JdbiException e) {
      if (DatabaseUnavailableException.isCauseOf(e)) {
        throw new DatabaseUnavailableException(e);
      }
      throw e;
    }
  }

  @Override
  public void close() {
    pool.close();
    if (keeper == null) {
      return;
    }
    try {
      keeper.close();
    } catch (SQLException e) {
      log.warn("a database connection did not close in order: {}", e.getMessage());
    }
  }
}
