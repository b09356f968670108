package dev.carillon.auth;

import dev.carillon.auth.config.AuthConfig;
import dev.carillon.auth.config.ChannelRule;
import dev.carillon.auth.config.DatabaseConfig;
import dev.carillon.auth.config.JwtConfig;
import dev.carillon.auth.config.ServerAddress;
import dev.carillon.auth.config.StatusServer;
import dev.carillon.auth.user.SampleUsers;
import dev.carillon.protocol.auth.Credentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/** A running endpoint on a free port, with the sample users in a database of its own. */
final class TestSite implements AutoCloseable {
  static final Credentials APP = new Credentials("app-key", "app-secret");

  private final AuthEndpoint endpoint;
  private final DatabaseConfig database;

  private TestSite(AuthEndpoint endpoint, DatabaseConfig database) {
    this.endpoint = endpoint;
    this.database = database;
  }

  static TestSite start() {
    return new Setup().start();
  }

  static TestSite start(URI server) {
    Setup setup = new Setup();
    setup.server = server;
    return setup.start();
  }

  /** How one is to be; everything has a default. */
  static final class Setup {
    int port;
    // Nothing listens there.
    URI server = URI.create("http://127.0.0.1:1");
    List<ChannelRule> rules = ChannelRule.DEFAULTS;
    DatabaseConfig database = DatabaseConfig.inMemory(UUID.randomUUID().toString());
    JwtConfig jwt;
    boolean behindProxy;
    boolean sampleData = true;
    InstantSource clock = InstantSource.system();

    AuthConfig config() {
      return new AuthConfig(
          "127.0.0.1",
          port,
          APP,
          ServerAddress.sameHost(6001),
          new StatusServer(server, "app-id"),
          rules,
          database,
          jwt,
          address -> behindProxy && address.isLoopbackAddress(),
          sampleData);
    }

    TestSite start() {
      AuthEndpoint endpoint = new AuthEndpoint(config(), clock);
      try {
        endpoint.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new TestSite(endpoint, database);
    }
  }

  int port() {
    return endpoint.port();
  }

  /** Does that to the database behind its back. */
  void sql(String statement, Object... values) {
    sql(database, statement, values);
  }

  static void sql(DatabaseConfig database, String statement, Object... values) {
    String user = database.embedded() ? "sa" : database.user();
    try (Connection connection =
            DriverManager.getConnection(database.url(), user, database.password());
        PreparedStatement prepared = connection.prepareStatement(statement)) {
      for (int i = 0; i < values.length; i++) {
        prepared.setObject(i + 1, values[i]);
      }
      prepared.execute();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A browser that has opened nothing yet. */
  TestBrowser browser() {
    return new TestBrowser(port());
  }

  /** One whose calls carry that token. */
  TestBrowser bearing(String token) {
    return browser().with("Authorization", "Bearer " + token);
  }

  /** A browser that user is signed in with. */
  TestBrowser signedIn(String name) {
    TestBrowser browser = browser();
    browser.get("/");
    browser.login(name + "@example.com", SampleUsers.PASSWORD);
    return browser;
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
