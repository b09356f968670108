package dev.carillon.server.redis;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.server.broker.Topic;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;

/**
 * In which topics this node has entries, as Redis has it for the time when the node is dead. It
 * lies in another slot than the entries, so it is told before there are any, and is cleaned some
 * time after the last has gone, when nothing is under way.
 *
 * <p>Confined to the thread of {@link RedisCommands}, but for {@link #emptied}.
 */
final class NodeIndex {
  private static final int FORMER_AT_MOST = 4;

  /** A life that is over, and where it had entries. */
  private record Former(String id, Set<String> names) {}

  private final RedisNode node;
  private final Set<String> told = new HashSet<>();
  private final Map<String, Response<Long>> asked = new HashMap<>();
  private final Queue<Former> former = new ArrayDeque<>();
  private final Queue<Topic> emptied = new ConcurrentLinkedQueue<>();

  NodeIndex(RedisNode node) {
    this.node = node;
  }

  /** The name of a topic in it; what a node has of an app as a whole has no channel. */
  static String name(String appId, String channel) {
    return appId + "/" + channel;
  }

  static String name(Topic topic) {
    return name(topic.appId(), topic.channel().value());
  }

  /** The user of such a name. */
  static Topic user(String name) {
    int slash = name.indexOf('/');
    ChannelName channel = ChannelName.ofValue(name.substring(slash + 1));
    return new Topic(name.substring(0, slash), channel, Topic.Kind.STATUS);
  }

  /** Before entries are made; {@code null} if it is known already. */
  @Nullable Response<Long> add(AbstractPipeline pipeline, String name) {
    if (told.contains(name)) {
      return null;
    }
    Response<Long> before = asked.get(name);
    if (before != null && done(before)) {
      asked.remove(name);
      told.add(name);
      return null;
    }
    Response<Long> now = pipeline.sadd(node.keys().ofNode(node.id()), RedisKeys.bytes(name));
    asked.put(name, now);
    return now;
  }

  private static boolean done(Response<Long> response) {
    try {
      response.get();
      return true;
    } catch (JedisException | IllegalStateException failedOrUnder) {
      return false; // is asked for again: twice does no harm
    }
  }

  /** The last entry of a topic is out, as Redis has confirmed. */
  void emptied(Topic topic) {
    emptied.add(topic);
  }

  /**
   * Takes out what has no entries; while all that was sent is answered.
   *
   * @param held whether there are entries again
   */
  void clean(Shards redis, Predicate<Topic> held) {
    List<byte[]> names = new ArrayList<>();
    for (Topic topic = emptied.poll(); topic != null; topic = emptied.poll()) {
      if (!held.test(topic)) {
        told.remove(name(topic));
        asked.remove(name(topic));
        names.add(RedisKeys.bytes(name(topic)));
      }
    }
    if (!names.isEmpty()) {
      try (AbstractPipeline pipeline = redis.pipeline()) {
        pipeline.srem(node.keys().ofNode(node.id()), names.toArray(byte[][]::new));
      }
    }
  }

  /** This life is over; nothing is sent. */
  void leave(String formerId) {
    told.addAll(asked.keySet());
    former.add(new Former(formerId, Set.copyOf(told)));
    if (former.size() > FORMER_AT_MOST) {
      former.remove();
    }
    told.clear();
    asked.clear();
    emptied.clear();
  }

  /**
   * Tells again, since Redis may have lost it, where all former lives had entries, to those who
   * evict them: that may not be over.
   *
   * @throws JedisException if one was not told
   */
  void tellFormer(Shards redis) {
    List<Response<Long>> told = new ArrayList<>();
    try (AbstractPipeline pipeline = redis.pipeline()) {
      for (Former life : former) {
        if (!life.names.isEmpty()) {
          told.add(
              pipeline.sadd(
                  node.keys().ofNode(life.id),
                  life.names.stream().map(RedisKeys::bytes).toArray(byte[][]::new)));
        }
      }
    }
    told.forEach(Response::get);
  }

  /** The ids of the lives that this node has left. */
  List<String> former() {
    return former.stream().map(Former::id).toList();
  }
}
