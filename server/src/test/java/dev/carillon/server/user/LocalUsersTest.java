package dev.carillon.server.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.server.broker.Broker;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalUsersTest extends UsersContract {
  private final Queue<Runnable> graces = new ConcurrentLinkedQueue<>();
  private final ExecutorService timer = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    timer.shutdown();
  }

  @Override
  Users users(Broker broker) {
    return new LocalUsers(broker, graces::add);
  }

  @Override
  Users withoutGrace(Broker broker) {
    return new LocalUsers(broker, timer);
  }

  @Override
  void passGrace() throws Exception {
    for (Runnable grace = graces.poll(); grace != null; grace = graces.poll()) {
      grace.run();
    }
    timer.submit(() -> {}).get(10, TimeUnit.SECONDS); // all that was due before is run
  }

  @Test
  void theGraceCountsFromTheLastGoing() throws Exception {
    signIn(ANN, ONE);
    users.signedOut(ANN, ONE);
    signIn(ANN, TWO);
    users.signedOut(ANN, TWO);

    assertThat(graces).hasSize(2);
    graces.remove().run();

    assertThat(online(ANN)).isTrue();
  }
}
