package dev.carillon.server.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Response;

/**
 * Notices when a master has lost what it kept: each keeps the time when that was begun, under a key
 * of one of its slots.
 *
 * <p>Confined to the thread of {@link RedisCommands}.
 */
final class Epochs {
  private static final Script EPOCH = Script.load("epoch.lua");

  /**
   * What was found.
   *
   * @param emptied whether a master has lost what it kept since the last look
   * @param age since the youngest was begun
   */
  record Found(boolean emptied, Duration age) {}

  private final RedisKeys keys;

  /** By the number in the key, which masters take along with the slot. */
  private final Map<Integer, String> known = new HashMap<>();

  private final Map<HostAndPort, Integer> numbers = new HashMap<>();
  private SlotMap slots = SlotMap.UNKNOWN;

  Epochs(RedisKeys keys) {
    this.keys = keys;
  }

  /** Asks each master; the answers are for {@link #found}. */
  Map<Integer, Response<Object>> ask(AbstractPipeline pipeline, SlotMap now) {
    if (!now.equals(slots)) {
      slots = now;
      number(now);
    }
    Map<Integer, Response<Object>> asked = new HashMap<>();
    numbers.values().forEach(number -> asked.put(number, ask(pipeline, number)));
    return asked;
  }

  private Response<Object> ask(AbstractPipeline pipeline, int number) {
    return EPOCH.on(pipeline, List.of(keys.epoch(number)), List.of());
  }

  /** By the number of each master's epoch: the master, and the epoch as of the last answer. */
  Map<Integer, String> masters() {
    Map<Integer, String> masters = new TreeMap<>();
    numbers.forEach((master, number) -> masters.put(number, master + "@" + known.get(number)));
    return masters;
  }

  /** The lowest number whose key lies at a master is that master's, for all nodes. */
  private void number(SlotMap now) {
    numbers.clear();
    int number = 0;
    while (numbers.size() < now.masters().size()) {
      HostAndPort master = now.masterOf(SlotMap.slotOf(new String(keys.epoch(number), UTF_8)));
      if (master != null) {
        numbers.putIfAbsent(master, number);
      }
      number++;
    }
  }

  /**
   * What they answered.
   *
   * @throws redis.clients.jedis.exceptions.JedisException if one did not
   */
  Found found(Map<Integer, Response<Object>> asked) {
    boolean emptied = false;
    long age = Long.MAX_VALUE / 1000;
    for (Map.Entry<Integer, Response<Object>> each : asked.entrySet()) {
      List<?> answer = (List<?>) each.getValue().get();
      String epoch = NodeLease.text(answer.get(0));
      String before = known.put(each.getKey(), epoch);
      emptied |= before != null && !before.equals(epoch);
      age = Math.min(age, (Long) answer.get(1));
    }
    return new Found(emptied, Duration.of(age, ChronoUnit.MICROS));
  }
}
