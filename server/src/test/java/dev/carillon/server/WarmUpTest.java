package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.config.Config;
import dev.carillon.server.config.ServerConfig;
import dev.carillon.server.config.WarmUpTime;
import dev.carillon.server.support.LoopbackPorts;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** When clients are let in. */
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
