package dev.carillon.server.redis;

import dev.carillon.server.broker.Topic;
import dev.carillon.server.idempotency.RequestName;
import java.nio.charset.StandardCharsets;

/**
 * Names everything that is in Redis. The text in braces is what Redis Cluster hashes: all of a
 * topic lies in one slot, and so does all of an app that is no topic's. Documented in
 * docs/OPERATIONS.md.
 *
 * @param prefix before each name; without braces
 */
record RedisKeys(String prefix) {
  /** Over how many slots users' records are spread; the same for all nodes of all versions. */
  static final int BUCKETS = 16;

  /** The pub/sub channel of a topic. */
  String channel(Topic topic) {
    return switch (topic.kind()) {
      case CHANNEL -> tag(topic) + ":events";
      case STATUS -> tag(topic) + ":statuses";
    };
  }

  /** A part of what is kept of a topic. */
  byte[] of(Topic topic, String part) {
    return bytes(tag(topic) + ":" + part);
  }

  /** What one node has in a part of a topic. */
  byte[] of(Topic topic, String part, String node) {
    return bytes(tag(topic) + ":" + part + ":" + node);
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

  private String tag(Topic topic) {
    return prefix + "{" + topic.appId() + "/" + topic.channel() + "}";
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
