package dev.carillon.server.support.redis;

import dev.carillon.server.support.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisMonitor;
import redis.clients.jedis.exceptions.JedisException;

/**
 * What one redis-server is sent (MONITOR), but for what nodes send at all times: their leases,
 * signs of life, and the look for statuses that are due. What scripts call is not in it. Confined
 * to one thread.
 */
public final class CommandLog implements AutoCloseable {
  private static final List<String> AT_ALL_TIMES =
      List.of(
          " lua] ", "\"PING\"", "\"ping\"", "{nodes}", "{epoch:", "{graces}", ":due\"", "CLUSTER");

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final AtomicInteger marks = new AtomicInteger();
  private final Jedis monitor;
  private final Jedis client;
  private final Thread reader;

  /** Begins, and returns when it has begun. */
  public CommandLog(RedisServer redis) {
    monitor = redis.admin();
    client = redis.admin();
    reader = new Thread(this::read, "redis-monitor");
    reader.setDaemon(true);
    reader.start();
    Await.until("it monitors", () -> client.echo("begin") != null && has("\"begin\""));
    take();
  }

  private void read() {
    try {
      monitor.monitor(
          new JedisMonitor() {
            @Override
            public void onCommand(String command) {
              lines.add(command);
            }
          });
    } catch (JedisException closed) {
      lines.add("closed");
    }
  }

  private boolean has(String text) {
    return lines.stream().anyMatch(line -> line.contains(text));
  }

  /** What was sent since the last call. */
  public List<String> take() {
    String mark = "mark" + marks.incrementAndGet() + "end";
    client.echo(mark);
    Await.until("the server has told all", () -> has(mark));
    List<String> taken = new ArrayList<>();
    for (String line = lines.remove(); !line.contains(mark); line = lines.remove()) {
      taken.add(line);
    }
    taken.removeIf(
        line -> line.contains("\"ECHO\"") || AT_ALL_TIMES.stream().anyMatch(line::contains));
    return taken;
  }

  @Override
  public void close() {
    client.close();
    monitor.close();
  }
}
