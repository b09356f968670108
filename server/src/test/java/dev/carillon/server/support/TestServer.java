package dev.carillon.server.support;

import dev.carillon.protocol.auth.Credentials;
import dev.carillon.server.Server;
import dev.carillon.server.config.AppConfig;
import dev.carillon.server.config.AppConfigBuilder;
import dev.carillon.server.config.Config;
import dev.carillon.server.config.ScalingConfig;
import dev.carillon.server.config.ServerConfig;
import dev.carillon.server.config.StatusConfig;
import dev.carillon.server.config.StatusRules;
import dev.carillon.server.support.redis.OnRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.UnaryOperator;

/** A real server on a free port of the loopback address, with the app of the conformance cases. */
public final class TestServer implements AutoCloseable {
  public static final String KEY = "278d425bdf160c739803";
  public static final String SECRET = "7ad3773142a6692b25b8";
  public static final Credentials CREDENTIALS = new Credentials(KEY, SECRET);

  private final Server server;

  private TestServer(Config config, InstantSource clock) {
    this(config, clock, Duration.ofSeconds(3));
  }

  private TestServer(Config config, InstantSource clock, Duration offlineGrace) {
    try {
      server = Server.start(config, clock, offlineGrace);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (config.scaling().enabled()) {
      Await.until("Redis is there", () -> admin().send("GET", "/ready", "").statusCode() != 503);
    }
  }

  /** With app 3 as the cases have it. */
  public static TestServer start() {
    return start(app -> app);
  }

  /** With one thing of app 3 changed. */
  public static TestServer start(UnaryOperator<AppConfigBuilder> change) {
    return start(config(), change.apply(app()).build());
  }

  public static TestServer start(ServerConfig server, AppConfig... apps) {
    return new TestServer(config(server, "", apps), InstantSource.system());
  }

  /** With app 3, and that time to judge signatures by. */
  public static TestServer startAt(InstantSource clock) {
    return new TestServer(config(config(), "", app().build()), clock);
  }

  /** With that clock, also for webhooks. */
  public static TestServer startAt(InstantSource clock, ServerConfig server, AppConfig... apps) {
    return new TestServer(config(server, "", apps), clock);
  }

  /** With app 3, whose users are offline so long after their last connection. */
  public static TestServer startWithOfflineGrace(Duration grace) {
    return new TestServer(config(config(), "", app().build()), InstantSource.system(), grace);
  }

  /** With app 3, whose users have a status by those rules. */
  public static TestServer startWithStatus(
      StatusRules rules, UnaryOperator<AppConfigBuilder> change) {
    AppConfig app = change.apply(app().status(StatusConfig.defaults())).build();
    return new TestServer(config(config(), "", app).withStatus(rules), InstantSource.system());
  }

  /** With app 3, and that token for the operators' port. */
  public static TestServer startWithAdminToken(String token) {
    return new TestServer(config(config(), token, app().build()), InstantSource.system());
  }

  private static Config config(ServerConfig server, String adminToken, AppConfig... apps) {
    Config defaults = Config.defaults();
    return defaults
        .withScaling(OnRedis.WANTED ? OnRedis.fresh() : defaults.scaling())
        .withServer(server)
        .withAdmin(defaults.admin().toBuilder().port(0).token(adminToken).build())
        .withApps(apps);
  }

  /**
   * A node of a cluster, with app 3 changed in one thing.
   *
   * @param scaling that of {@link dev.carillon.server.support.redis.OnRedis#fresh} for a cluster of
   *     its own
   */
  public static TestServer startNode(ScalingConfig scaling, UnaryOperator<AppConfigBuilder> app) {
    return new TestServer(
        config(config(), "", app.apply(app()).build()).withScaling(scaling),
        InstantSource.system());
  }

  /** A node of a cluster that keeps its webhooks in that folder. */
  public static TestServer startNode(ScalingConfig scaling, Path data, AppConfig app) {
    return new TestServer(
        config(config().toBuilder().dataDir(data).build(), "", app).withScaling(scaling),
        InstantSource.system());
  }

  /** A free port of the loopback address. */
  public static ServerConfig config() {
    return ServerConfig.defaults().toBuilder()
        .host("127.0.0.1")
        .port(0)
        .drain(Duration.ofSeconds(1))
        .build();
  }

  /**
   * App 3 of the conformance cases: what clients get is what the protocol says, and no statuses.
   */
  public static AppConfigBuilder app() {
    return AppConfig.sample().toBuilder()
        .id("3")
        .key(KEY)
        .secret(SECRET)
        .activityTimeout(Duration.ofSeconds(120))
        .status(StatusConfig.off());
  }

  public Server server() {
    return server;
  }

  public int port() {
    return server.port();
  }

  public String webSocket(String pathAndQuery) {
    return "ws://127.0.0.1:" + port() + pathAndQuery;
  }

  public TestClient open(String pathAndQuery) {
    return TestClient.open(webSocket(pathAndQuery));
  }

  /** A connection that was established. */
  public TestClient connect() {
    return open("/app/" + KEY + "?protocol=7&client=js&version=8.6.0&flash=false").established();
  }

  public TestApi api() {
    return new TestApi("http://127.0.0.1:" + port(), "", "3", CREDENTIALS);
  }

  /** Waits until app 3 has so many connections. */
  public void awaitConnections(int connections) {
    String wanted = "{\"connections\":" + connections + "}";
    Await.until(
        connections + " connections", () -> api().get("/connections").body().equals(wanted));
  }

  /** What the operators' port counts, in Prometheus' text format. */
  public String metrics() {
    return admin().send("GET", "/metrics", "").body();
  }

  /** Calls the operators' port. */
  public TestApi admin() {
    return new TestApi("http://127.0.0.1:" + server.adminPort(), "", "3", CREDENTIALS);
  }

  @Override
  public void close() {
    server.close();
  }
}
