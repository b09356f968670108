package dev.carillon.auth;

import dev.carillon.auth.config.AuthConfig;
import dev.carillon.auth.http.AuthRoutes;
import dev.carillon.auth.user.UserDirectory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.time.InstantSource;
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
  private final UserDirectory directory;
  private @Nullable Vertx vertx;
  private @Nullable HttpServer server;

  public AuthEndpoint(AuthConfig config, UserDirectory directory) {
    this.config = config;
    this.directory = directory;
  }

  /**
   * Opens the port, and returns when it is open.
   *
   * @throws IOException that names the address, if it cannot be listened on
   * @throws IllegalStateException if it was started before
   */
  public synchronized void start() throws IOException {
    if (vertx != null) {
      throw new IllegalStateException("the auth endpoint was started before");
    }
    // Nothing is served from files, so no cache directory, and no shutdown hook to remove it.
    FileSystemOptions noFiles =
        new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false);
    Vertx started =
        Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS).setFileSystemOptions(noFiles));
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(config.host())
            .setPort(config.port())
            .setHttp2ClearTextEnabled(false)
            .setIdleTimeout(IDLE_SECONDS_MAX)
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    try {
      server =
          await(
              started
                  .createHttpServer(options)
                  .requestHandler(
                      AuthRoutes.create(started, config, directory, InstantSource.system()))
                  .listen());
    } catch (IOException e) {
      close(started);
      throw new IOException(
          "auth endpoint: cannot listen on %s:%d: %s"
              .formatted(config.host(), config.port(), e.getMessage()),
          e);
    }
    vertx = started;
    log.info("auth endpoint listening host={} port={}", config.host(), port());
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
    if (vertx != null && server != null) {
      server = null;
      close(vertx);
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
