package dev.carillon.server;

import dev.carillon.protocol.auth.Credentials;
import dev.carillon.server.config.AppConfig;
import dev.carillon.server.config.Config;
import dev.carillon.server.config.ServerConfig;
import dev.carillon.server.metrics.Metrics;
import dev.carillon.server.transport.Listener;
import dev.carillon.server.warmup.WarmUp;
import dev.carillon.server.webhook.Webhooks;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warms the JVM up on the server's own event loops, by a port that nobody knows, with an app that
 * nobody has the secret of. Why, and how much: docs/adr/0009.
 *
 * <p>Confined to one thread at a time, which it keeps busy.
 */
final class JvmWarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(JvmWarmUp.class);

  private static final Duration AT_MOST = Duration.ofSeconds(20);

  /**
   * Connections of each round. The short ones end as the long ones will: what happens at the end
   * for the first time would undo compiled code.
   */
  private static final int[] ENOUGH = {320, 320, 80_000};

  /** Opens another port for such a configuration. */
  @FunctionalInterface
  interface Opener {
    Listener open(Config config, Metrics unseen, Webhooks nobody);
  }

  private final LongSupplier handshakes;
  private final BooleanSupplier over;
  private final Opener opener;
  private final Credentials credentials;
  private final Config config;

  /**
   * For a server.
   *
   * @param handshakes how many clients have come to it
   * @param over whether it ends, so that nothing more is to be warmed up
   */
  JvmWarmUp(LongSupplier handshakes, BooleanSupplier over, Opener opener) {
    byte[] secret = new byte[16];
    new SecureRandom().nextBytes(secret);
    String name = HexFormat.of().formatHex(secret);
    this.handshakes = handshakes;
    this.over = over;
    this.opener = opener;
    this.credentials = new Credentials(name, name);
    this.config =
        Config.defaults()
            .withServer(ServerConfig.defaults().toBuilder().host("127.0.0.1").port(0).build())
            .withApps(AppConfig.sample().toBuilder().key(name).secret(name).build());
  }

  /** Until a storm of clients costs little more than in the end. Blocks for seconds. */
  void enough() {
    if (LOG.isDebugEnabled()) {
      LOG.debug("Server does not warm up, which would log tens of thousands of connections");
      return;
    }
    LOG.info("Server warms up at_most_seconds={}", AT_MOST.toSeconds());
    long begun = System.nanoTime();
    if (run() && !over.getAsBoolean()) {
      LOG.info("Server warm millis={}", Duration.ofNanos(System.nanoTime() - begun).toMillis());
    }
  }

  /** Whether nothing went wrong. */
  private boolean run() {
    long begun = System.nanoTime();
    BooleanSupplier wanted =
        () -> !over.getAsBoolean() && System.nanoTime() - begun < AT_MOST.toNanos();
    try {
      for (int connections : ENOUGH) {
        if (wanted.getAsBoolean()) {
          round(connections, wanted);
        }
      }
      return true;
    } catch (IOException e) {
      if (!over.getAsBoolean()) {
        LOG.warn(
            "Server does not warm up further, it is too slow now reason=\"{}\"", e.getMessage());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private void round(int connections, BooleanSupplier wanted)
      throws IOException, InterruptedException {
    try (Metrics unseen = new Metrics();
        Webhooks nobody = Webhooks.none();
        Listener other = opener.open(config, unseen, nobody)) {
      new WarmUp(other.bind(), AppConfig.sample().id(), credentials, handshakes)
          .run(connections, wanted);
    }
  }
}
