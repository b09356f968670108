package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.config.Config;
import dev.carillon.server.config.ServerConfig;
import dev.carillon.server.config.WarmUpTime;
import dev.carillon.server.support.LoopbackPorts;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.warmup.WarmUp;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When clients are let in, and how long they wait for that. */
class WarmUpTest {
  private static final int STARTS = 20;

  @Test
  void nobodyIsLetInWhileThePortIsOnlyTried() throws Exception {
    int port = LoopbackPorts.free();
    Config config =
        Config.defaults()
            .withServer(
                ServerConfig.defaults().toBuilder()
                    .host("127.0.0.1")
                    .port(port)
                    .warmUp(WarmUpTime.BEFORE)
                    .build())
            .withAdmin(Config.defaults().admin().toBuilder().port(0).build());
    AtomicBoolean done = new AtomicBoolean();
    var client = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> letIn = client.submit(() -> knock(port, done));
      try {
        for (int i = 0; i < STARTS; i++) {
          Server.startAndWarmUp(config, () -> true).close();
        }
      } finally {
        done.set(true);
      }
      assertThat(letIn.get()).as("times that a client was let in").isZero();
    } finally {
      client.shutdownNow();
    }
  }

  @Test
  @Timeout(20)
  void aStormThatGoesOnDoesNotKeepTheWarmUpFromItsEnd() throws Exception {
    AtomicLong came = new AtomicLong();
    AtomicInteger asked = new AtomicInteger();
    try (TestServer server = TestServer.start()) {
      new WarmUp(server.port(), "3", TestServer.CREDENTIALS, () -> came.addAndGet(100))
          .run(1_000_000, () -> asked.incrementAndGet() < 5);
    }

    assertThat(asked).hasValueGreaterThanOrEqualTo(5);
  }

  private static int knock(int port, AtomicBoolean done) throws IOException {
    int letIn = 0;
    while (!done.get()) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        letIn++;
      } catch (ConnectException refused) {
        continue;
      } catch (SocketException reset) {
        letIn++; // and closed, before this side knew
      }
    }
    return letIn;
  }
}
