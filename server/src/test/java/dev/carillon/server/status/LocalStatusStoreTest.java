package dev.carillon.server.status;

import dev.carillon.server.broker.Broker;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

class LocalStatusStoreTest extends StatusStoreContract {
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  @Override
  StatusStore store(Broker broker, StatusStore.Listener listener) {
    return new LocalStatusStore(
        broker,
        listener,
        InstantSource.system(),
        (delay, task) -> timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS));
  }
}
