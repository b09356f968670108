package dev.carillon.auth;

import dev.carillon.auth.config.AuthConfig;
import dev.carillon.auth.database.Database;
import dev.carillon.auth.database.SampleData;
import dev.carillon.auth.database.Users;
import dev.carillon.auth.http.AuthRoutes;
import dev.carillon.auth.http.Parts;
import dev.carillon.auth.status.StatusApi;
import dev.carillon.auth.user.User;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The auth endpoint as one thing that can be started and closed. It starts threads of its own, and
 * leaves the process alone: no shutdown hook, no exit.
 *
 * <p>Thread-safe. Not for event loops: both calls block.
 */
public final class AuthEndpoint implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AuthEndpoint.class);
  private static final int EVENT_LOOPS = 2;
  private static final int IDLE_SECONDS_MAX = 75;

  private final AuthConfig config;
  private final InstantSource clock;
  private @Nullable Database database;
  private @Nullable Vertx vertx;
  private @Nullable HttpServer server;

  public AuthEndpoint(AuthConfig config) {
    this(config, InstantSource.system());
  }

  AuthEndpoint(AuthConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  /**
   * Opens the database and then the port, and returns when it is open.
   *
   * @throws IOException that names the database or the address, if it cannot be opened
   * @throws IllegalStateException if it was started before
   */
  public synchronized void start() throws IOException {
    if (vertx != null) {
      throw new IllegalStateException("the auth endpoint was started before");
    }
    Database opened = Database.open(config.database());
    Vertx started = Vertx.vertx(options());
    try {
      server = await(listen(started, opened, users(opened)));
    } catch (IOException e) {
      close(started);
      opened.close();
      throw new IOException(
          "auth endpoint: cannot listen on %s:%d: %s"
              .formatted(config.host(), config.port(), e.getMessage()),
          e);
    } catch (RuntimeException e) {
      close(started);
      opened.close();
      throw e;
    }
    database = opened;
    vertx = started;
    log.info("auth endpoint listening host={} port={}", config.host(), port());
  }

  private static VertxOptions options() {
    // Nothing is served from files, so no cache directory, and no shutdown hook to remove it.
    return new VertxOptions()
        .setEventLoopPoolSize(EVENT_LOOPS)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setClassPathResolvingEnabled(false)
                .setFileCachingEnabled(false));
  }

  /** Sees to it that there are users, as far as it may; those that the page offers. */
  private List<User> users(Database opened) {
    SampleData samples = new SampleData(opened);
    if (config.sampleData()) {
      boolean filled = samples.fill();
      log.info("sample users {}", filled ? "put into the database" : "not needed: it has users");
      return samples.present();
    }
    if (new Users(opened).none()) {
      log.warn(
          "database {} has no users, so nobody can sign in: docs/AUTH-ENDPOINT.md says how to add"
              + " some, and --sample-data puts the demo's into it",
          config.database().shown());
    }
    return List.of();
  }

  private Future<HttpServer> listen(Vertx started, Database opened, List<User> samples) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(config.host())
            .setPort(config.port())
            .setHttp2ClearTextEnabled(false)
            .setMaxFormAttributeSize(AuthRoutes.BODY_BYTES_MAX)
            .setIdleTimeout(IDLE_SECONDS_MAX)
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    StatusApi api = new StatusApi(started, config.statusServer(), config.credentials(), clock);
    Parts parts = Parts.of(started, config, opened, api, samples, clock);
    return started
        .createHttpServer(options)
        .requestHandler(AuthRoutes.create(started, parts, clock))
        .listen();
  }

  /**
   * The port it listens on.
   *
   * @throws IllegalStateException if it does not
   */
  public synchronized int port() {
    if (server == null) {
      throw new IllegalStateException("the auth endpoint is not started");
    }
    return server.actualPort();
  }

  /** Closes the port and its connections, and ends its threads. A second time does nothing. */
  @Override
  public synchronized void close() {
    if (vertx != null && server != null && database != null) {
      server = null;
      close(vertx);
      database.close();
      log.info("auth endpoint closed host={}", config.host());
    }
  }

  private static void close(Vertx vertx) {
    try {
      await(vertx.close());
    } catch (IOException e) {
      log.warn("auth endpoint did not close in order: {}", e.getMessage());
    }
  }

  private static <T> T await(Future<T> future) throws IOException {
    try {
      return future.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException | CancellationException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(String.valueOf(cause.getMessage()), cause);
    }
  }
}
