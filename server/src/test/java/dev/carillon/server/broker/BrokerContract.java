package dev.carillon.server.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.SocketId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every broker does. */
abstract class BrokerContract {
  private static final Topic NEWS = topic("3", "news");

  private record Received(Topic topic, String text, Envelope envelope) {}

  private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  private Broker broker;

  /** A broker that delivers to that listener. */
  abstract Broker broker(Broker.Listener listener);

  @BeforeEach
  void open() {
    broker =
        broker(
            to(
                (topic, envelope) ->
                    received.add(
                        new Received(
                            topic,
                            new String(envelope.message(), StandardCharsets.UTF_8),
                            envelope))));
  }

  /** A listener that takes envelopes; here nothing is lost that it could be told of. */
  static Broker.Listener to(BiConsumer<Topic, Envelope> envelopes) {
    return new Broker.Listener() {
      @Override
      public void onMessage(Topic topic, Envelope envelope) {
        envelopes.accept(topic, envelope);
      }

      @Override
      public void onGap(Collection<Topic> topics) {
        throw new AssertionError("nothing was lost of " + topics);
      }
    };
  }

  @Test
  void whatIsPublishedArrivesAsItIs() throws Exception {
    done(broker.subscribe(NEWS));
    Envelope envelope = Envelope.cached(bytes("ü"), new SocketId("1.2"), 7);

    done(broker.publish(NEWS, envelope));

    Received next = next();
    assertThat(next.topic()).isEqualTo(NEWS);
    assertThat(next.text()).isEqualTo("ü");
    assertThat(next.envelope().except()).isEqualTo(new SocketId("1.2"));
    assertThat(next.envelope().kind()).isEqualTo(Envelope.Kind.CACHED);
    assertThat(next.envelope().sequence()).isEqualTo(7);
  }

  @Test
  void topicsOfOtherAppsAndChannelsDoNotArrive() throws Exception {
    done(broker.subscribe(NEWS));

    done(broker.publish(topic("3", "other"), envelope("other channel")));
    done(broker.publish(topic("4", "news"), envelope("other app")));
    done(broker.publish(NEWS, envelope("mine")));

    assertThat(next().text()).isEqualTo("mine");
  }

  @Test
  void nothingArrivesOnceATopicIsLeft() throws Exception {
    Topic other = topic("3", "other");
    done(broker.subscribe(NEWS));
    done(broker.subscribe(other));

    broker.unsubscribe(NEWS);
    done(broker.publish(NEWS, envelope("left")));
    done(broker.publish(other, envelope("other")));

    assertThat(next().text()).isEqualTo("other");
  }

  @Test
  void aTopicMayBeLeftAndTakenAgain() throws Exception {
    done(broker.subscribe(NEWS));
    broker.unsubscribe(NEWS);
    done(broker.subscribe(NEWS));

    done(broker.publish(NEWS, envelope("again")));

    assertThat(next().text()).isEqualTo("again");
    assertThat(received).isEmpty();
  }

  @Test
  void publishingWhereNobodySubscribesIsNoMistake() throws Exception {
    done(broker.publish(NEWS, envelope("x")));
    broker.unsubscribe(NEWS);
  }

  @Test
  void publishersAreHeardOneAtATimeAndEachInItsOrder() throws Exception {
    done(broker.subscribe(NEWS));
    List<CompletableFuture<Void>> publishers = new ArrayList<>();
    for (int publisher = 0; publisher < 4; publisher++) {
      String name = publisher + ":";
      publishers.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 500; i++) {
                  broker.publish(NEWS, envelope(name + i)).toCompletableFuture().join();
                }
              }));
    }
    CompletableFuture.allOf(publishers.toArray(CompletableFuture[]::new)).join();

    List<Integer> expected = new ArrayList<>(Collections.nCopies(4, 0));
    for (int i = 0; i < 4 * 500; i++) {
      String[] parts = next().text().split(":", 2);
      int publisher = Integer.parseInt(parts[0]);
      assertThat(Integer.parseInt(parts[1])).isEqualTo(expected.get(publisher));
      expected.set(publisher, expected.get(publisher) + 1);
    }
  }

  private Received next() throws InterruptedException {
    Received next = received.poll(10, TimeUnit.SECONDS);
    assertThat(next).as("something within 10 s").isNotNull();
    return next;
  }

  private static void done(CompletionStage<?> stage) throws Exception {
    stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static Topic topic(String app, String channel) {
    return new Topic(app, ChannelName.of(channel));
  }

  private static Envelope envelope(String text) {
    return Envelope.of(bytes(text), null);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
