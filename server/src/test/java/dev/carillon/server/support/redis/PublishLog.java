package dev.carillon.server.support.redis;

import dev.carillon.server.support.Await;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.exceptions.JedisException;

/** What is published on one redis-server, by whomever, and has a text in it. Thread-safe. */
public final class PublishLog implements AutoCloseable {
  private final Queue<String> messages = new ConcurrentLinkedQueue<>();
  private final Jedis subscriber;
  private final JedisPubSub all;

  /** Begins, and returns when it has begun. */
  public PublishLog(RedisServer redis, String text) {
    subscriber = redis.admin();
    all =
        new JedisPubSub() {
          @Override
          public void onPMessage(String pattern, String channel, String message) {
            if (message.contains(text)) {
              messages.add(channel + " " + message);
            }
          }
        };
    Thread reader = new Thread(this::read, "redis-publish-log");
    reader.setDaemon(true);
    reader.start();
    Await.until("it listens", all::isSubscribed);
  }

  private void read() {
    try {
      subscriber.psubscribe(all, "*");
    } catch (JedisException closed) {
      messages.add("closed: " + closed);
    }
  }

  /** The topics and the messages, as they came. */
  public List<String> messages() {
    return List.copyOf(messages);
  }

  @Override
  public void close() {
    all.punsubscribe();
  }
}
