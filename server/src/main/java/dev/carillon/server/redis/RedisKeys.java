package dev.carillon.server.redis;

import dev.carillon.server.broker.Topic;
import dev.carillon.server.idempotency.RequestName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Names everything that is in Redis. The text in braces is what Redis Cluster hashes: all of a
 * topic lies in one slot, as does all of a user's own channels, and all of an app that is no
 * topic's. The topics of an app share {@value #PARTITIONS} slots, so that what is counted of all
 * its channels can be read: each slot has the counts of its own channels. Documented in
 * docs/OPERATIONS.md.
 *
 * @param prefix before each name; without braces
 * @param homes which topics lie together
 */
record RedisKeys(String prefix, Homes homes) {
  /** Enough for some dozens of masters; a read of all channels looks at each. */
  private static final int PARTITIONS = 128;

  /** Over how many slots users' records are spread; the same for all nodes of all versions. */
  static final int BUCKETS = 16;

  /** The pub/sub channel of a topic. */
  String channel(Topic topic) {
    return switch (topic.kind()) {
      case CHANNEL -> name(topic, "events");
      case STATUS -> name(topic, "statuses");
    };
  }

  /** A part of what is kept of a topic. */
  byte[] of(Topic topic, String part) {
    return bytes(name(topic, part));
  }

  /** What one node has in a part of a topic. */
  byte[] of(Topic topic, String part, String node) {
    return bytes(name(topic, part + ":" + node));
  }

  /** How many users the presence channels have, of a topic's partition. */
  byte[] userCounts(Topic topic) {
    return userCounts(topic.appId(), partition(topic));
  }

  /** The same of all partitions. */
  List<byte[]> allUserCounts(String appId) {
    return IntStream.range(0, PARTITIONS).mapToObj(n -> userCounts(appId, n)).toList();
  }

  /** Until when the cache channels keep their events, of a topic's partition. */
  byte[] cachedUntil(Topic topic) {
    return cachedUntil(topic.appId(), partition(topic));
  }

  /** The same of all partitions. */
  List<byte[]> allCachedUntil(String appId) {
    return IntStream.range(0, PARTITIONS).mapToObj(n -> cachedUntil(appId, n)).toList();
  }

  private byte[] cachedUntil(String appId, int partition) {
    return bytes(tag(appId, partition) + ":cached-until");
  }

  private byte[] userCounts(String appId, int partition) {
    return bytes(tag(appId, partition) + ":user-counts");
  }

  /** A part of what is kept of an app. */
  byte[] ofApp(String appId, String part) {
    return bytes(prefix + "{" + appId + "}:" + part);
  }

  /** What one node has in a part of an app. */
  byte[] ofApp(String appId, String part, String node) {
    return bytes(prefix + "{" + appId + "}:" + part + ":" + node);
  }

  /** The leases of all nodes. */
  byte[] nodes() {
    return bytes(prefix + "{nodes}");
  }

  /** After which losses remains of dead nodes were searched for. */
  byte[] searched() {
    return bytes(prefix + "{nodes}:searched");
  }

  /** Of all keys, as SCAN takes it. */
  String pattern() {
    return prefix.replaceAll("[\\\\*?\\[\\]]", "\\\\$0") + "*";
  }

  /** The apps of all nodes. */
  byte[] apps() {
    return bytes(prefix + "{nodes}:apps");
  }

  /** When a master has begun to keep something. */
  byte[] epoch(int number) {
    return bytes(prefix + "{epoch:" + number + "}");
  }

  /** Which users' absences are to be looked at, and when. */
  byte[] graces() {
    return bytes(prefix + "{graces}");
  }

  /** A user's status record; all of a bucket lie in one slot. */
  byte[] record(Topic user) {
    return bytes(bucket(bucketOf(user)) + ":" + NodeIndex.name(user));
  }

  /** Which users' records of a bucket are to be looked at, and when. */
  byte[] dues(int bucket) {
    return bytes(bucket(bucket) + ":due");
  }

  /** Where a user's record lies. */
  static int bucketOf(Topic user) {
    return Math.floorMod(NodeIndex.name(user).hashCode(), BUCKETS);
  }

  private String bucket(int number) {
    return prefix + "{status:" + number + "}";
  }

  /** What a request with an idempotency key was answered. */
  byte[] request(RequestName name) {
    return bytes(prefix + "request:" + name.appId() + "/" + name.endpoint() + "/" + name.key());
  }

  /** In which topics that node has entries. */
  byte[] ofNode(String node) {
    return bytes(prefix + "{node:" + node + "}:topics");
  }

  /** Channels may have any name, so theirs comes last. */
  private String name(Topic topic, String part) {
    return tag(topic.appId(), partition(topic)) + ":" + part + ":" + topic.channel();
  }

  private String tag(String appId, int partition) {
    return prefix + "{" + appId + "/" + partition + "}";
  }

  private int partition(Topic topic) {
    return JedisClusterCRC16.getCRC16(bytes(topic.appId() + "/" + homes.of(topic))) % PARTITIONS;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
