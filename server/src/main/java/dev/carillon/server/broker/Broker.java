package dev.carillon.server.broker;

import java.util.Collection;
import java.util.concurrent.CompletionStage;

/**
 * Carries envelopes from whoever publishes to the nodes that subscribe, the publishing one among
 * them. All that clients receive goes this way.
 *
 * <p>Delivery is at most once, and in one order per topic: all nodes see a topic's envelopes in the
 * same order. Between topics there is none.
 *
 * <p>Thread-safe.
 */
public interface Broker {
  /**
   * Where envelopes arrive. Called from any thread, one call at a time for a topic; it must not
   * block.
   */
  interface Listener {
    void onMessage(Topic topic, Envelope envelope);

    /** Some of what was published to those may not have come, and will not come any more. */
    void onGap(Collection<Topic> topics);
  }

  /** Completes when what is published from now on arrives. */
  CompletionStage<Void> subscribe(Topic topic);

  /** Nothing of that topic arrives any more, soon. */
  void unsubscribe(Topic topic);

  /** Completes when the envelope was accepted, or exceptionally when it will not be delivered. */
  CompletionStage<Void> publish(Topic topic, Envelope envelope);
}
