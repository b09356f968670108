package dev.carillon.server.support;

import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Lets nodes lose what is published, from {@link #begin} to {@link #end}. Thread-safe. */
public final class Losses {
  private volatile boolean losing;

  public void begin() {
    losing = true;
  }

  public void end() {
    losing = false;
  }

  /** That broker, which loses. */
  public Broker of(Broker broker) {
    return new Broker() {
      @Override
      public CompletionStage<Void> subscribe(Topic topic) {
        return broker.subscribe(topic);
      }

      @Override
      public void unsubscribe(Topic topic) {
        broker.unsubscribe(topic);
      }

      @Override
      public CompletionStage<Void> publish(Topic topic, Envelope envelope) {
        return losing ? CompletableFuture.completedStage(null) : broker.publish(topic, envelope);
      }
    };
  }
}
