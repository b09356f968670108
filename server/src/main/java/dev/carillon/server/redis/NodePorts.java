package dev.carillon.server.redis;

import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Those of a node's ports that have something to do by themselves: what they keep is put back and
 * evicted, and they are told what the node learns of Redis and of other nodes.
 *
 * <p>Thread-safe, once all are added: that is before the start.
 */
final class NodePorts {
  private final List<Entries> entries = new CopyOnWriteArrayList<>();
  private @Nullable RedisBroker broker;
  private @Nullable RedisUsers users;
  private @Nullable RedisStatusStore statuses;

  RedisBroker add(RedisBroker made) {
    broker = made;
    return made;
  }

  RedisUsers add(RedisUsers made) {
    users = made;
    return with(made);
  }

  RedisStatusStore add(RedisStatusStore made) {
    statuses = made;
    return with(made);
  }

  /** One that keeps something, and has nothing else to do. */
  <T extends Entries> T with(T made) {
    entries.add(made);
    return made;
  }

  void start() {
    if (broker != null) {
      broker.start();
    }
    if (users != null) {
      users.start();
    }
    if (statuses != null) {
      statuses.start();
    }
  }

  /** All that keep something. */
  List<Entries> entries() {
    return entries;
  }

  /** Whether what is published arrives here. */
  boolean connected() {
    return broker == null || broker.connected();
  }

  /** How many topics have subscribers here. */
  int topics() {
    return broker == null ? 0 : broker.topics();
  }

  /** Publishes what a script could not, since it goes to another slot. */
  void publish(Topic topic, Envelope envelope) {
    if (broker == null) {
      throw new IllegalStateException("no broker, expected one before what publishes");
    }
    broker.publish(topic, envelope);
  }

  /** A user may have gone, and nobody may look whether the user has come back. */
  void lookAtAbsence(String indexed) {
    if (users != null) {
      users.lookAtAbsence(indexed);
    }
  }

  /** Clients are told what is now. */
  void tellPresent() {
    if (broker != null) {
      broker.gap();
    }
  }

  void close() {
    if (broker != null) {
      broker.close();
    }
  }
}
