package dev.carillon.server.redis;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.server.broker.Topic;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a node has in Redis, of one kind. */
interface Entries {
  /**
   * Puts in again what this node has: under a new id, or into an empty Redis.
   *
   * @param silently whether nobody is told, since nobody was told that it was lost
   */
  void restore(boolean silently);

  /** Whether this node has some in a topic. */
  boolean has(Topic topic);

  /**
   * Takes out what a dead node had in a channel, or of an app, and tells whom it concerns. Doing it
   * twice, or by two nodes, does no harm.
   *
   * @param channel {@code null} for what the node had of the app as a whole
   * @return completes when it is out; nothing is done where such entries cannot be
   */
  CompletionStage<Void> evict(String deadNode, String appId, @Nullable ChannelName channel);
}
