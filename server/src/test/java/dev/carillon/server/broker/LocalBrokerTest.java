package dev.carillon.server.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.ChannelName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LocalBrokerTest extends BrokerContract {
  @Override
  Broker broker(Broker.Listener listener) {
    return new LocalBroker(listener);
  }

  /** Only a broker that delivers where it is called can promise it. */
  @Test
  void theListenerIsCalledByOnePublisherAtATime() {
    Topic topic = new Topic("3", ChannelName.of("news"));
    List<Thread> inside = Collections.synchronizedList(new ArrayList<>());
    List<Integer> crowds = Collections.synchronizedList(new ArrayList<>());
    Broker broker =
        new LocalBroker(
            to(
                (t, envelope) -> {
                  inside.add(Thread.currentThread());
                  crowds.add(inside.size());
                  Thread.yield();
                  inside.remove(Thread.currentThread());
                }));
    broker.subscribe(topic);

    CompletableFuture.allOf(
            CompletableFuture.runAsync(() -> publish(broker, topic)),
            CompletableFuture.runAsync(() -> publish(broker, topic)))
        .join();

    assertThat(crowds).hasSize(2_000).containsOnly(1);
  }

  private static void publish(Broker broker, Topic topic) {
    for (int i = 0; i < 1_000; i++) {
      broker.publish(topic, Envelope.of(new byte[0], null));
    }
  }
}
