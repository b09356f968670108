package dev.carillon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.support.Await;
import dev.carillon.server.support.ErrorLog;
import dev.carillon.server.support.RawClient;
import dev.carillon.server.support.TestClient;
import dev.carillon.server.support.TestServer;
import dev.carillon.server.support.XhrClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many sessions of the HTTP fallbacks at once, whose requests arrive on all loops. */
class FallbackConcurrencyTest {
  private static final int THREADS = 8;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private ErrorLog log;
  private TestServer server;

  @BeforeEach
  void start() {
    log = new ErrorLog();
    server =
        TestServer.start(
            TestServer.config().toBuilder().eventLoops(3).build(), TestServer.app().build());
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    server.close();
    log.close();
  }

  /** However they end, each is counted out once, and its member leaves once. */
  @Test
  void clientsThatComeAndGoLeaveNothingBehind() throws Exception {
    try (TestClient watcher = server.connect()) {
      watcher.joinAs("presence-a", "{\"user_id\":\"watcher\"}");

      onAllThreads(
          thread -> {
            Random random = new Random(thread);
            for (int i = 0; i < 15; i++) {
              comeAndGo("u" + thread + "-" + i, random);
            }
          });

      Await.until(
          "only the watcher is left",
          () -> server.api().get("/connections").body().equals("{\"connections\":1}"));
      List<String> events = new ArrayList<>();
      for (int i = 0; i < 2 * 15 * THREADS; i++) {
        events.add(watcher.nextText());
      }
      assertThat(events).doesNotHaveDuplicates();
      watcher.expectSilence();
      assertThat(server.api().get("/channels/presence-a/users").body())
          .isEqualTo("{\"users\":[{\"id\":\"watcher\"}]}");
      log.expectNothing();
    }
  }

  private void comeAndGo(String user, Random random) {
    String transport = random.nextBoolean() ? XhrClient.STREAMING : XhrClient.POLLING;
    try (XhrClient client = XhrClient.connect(server, transport)) {
      client.join("presence-a", "{\"user_id\":\"" + user + "\"}");
      if (transport.equals(XhrClient.POLLING)) {
        client.request();
      }
      if (random.nextBoolean()) {
        client.receiver().reset();
      }
    }
  }

  /** One of them has the session, and the others are told. */
  @Test
  void ofRequestsThatOpenTheSameSessionAtOnceOneIsServed() throws Exception {
    for (int round = 0; round < 20; round++) {
      String path = "/pusher/app/" + TestServer.KEY + "/" + XhrClient.session();
      CyclicBarrier together = new CyclicBarrier(THREADS);
      List<RawClient> clients = new ArrayList<>();
      List<Future<String>> heads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        RawClient client = RawClient.open(server.port());
        clients.add(client);
        heads.add(
            threads.submit(
                () -> {
                  together.await();
                  client.send(XhrClient.post(path + "/xhr_streaming", "", ""));
                  return client.readHead();
                }));
      }
      int served = 0;
      for (int i = 0; i < THREADS; i++) {
        boolean streams = heads.get(i).get().contains("chunked");
        served += streams ? 1 : 0;
        assertThat(streams ? clients.get(i).readChunk() : clients.get(i).readLine())
            .startsWith(streams ? "o{}\na[" : "c[2010,");
      }
      assertThat(served).isEqualTo(1);
      clients.forEach(RawClient::close);
    }
    Await.until(
        "all have ended",
        () -> server.api().get("/connections").body().equals("{\"connections\":0}"));
    log.expectNothing();
  }

  /** A task of one thread. */
  private interface Task {
    void run(int thread) throws Exception;
  }

  private void onAllThreads(Task task) throws Exception {
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      running.add(
          threads.submit(
              () -> {
                task.run(thread);
                return null;
              }));
    }
    for (Future<?> one : running) {
      one.get();
    }
  }
}
