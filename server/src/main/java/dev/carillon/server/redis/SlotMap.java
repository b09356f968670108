package dev.carillon.server.redis;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Which master has which slot. Where there is no cluster, one has all.
 *
 * <p>Immutable.
 */
final class SlotMap {
  static final int SLOTS = 16_384;

  /** Nobody was found yet. */
  static final SlotMap UNKNOWN = new SlotMap(new HostAndPort[SLOTS]);

  private final @Nullable HostAndPort[] bySlot;
  private final Set<HostAndPort> masters;

  private SlotMap(@Nullable HostAndPort[] bySlot) {
    this.bySlot = bySlot;
    Set<HostAndPort> found = new HashSet<>();
    for (HostAndPort master : bySlot) {
      if (master != null) {
        found.add(master);
      }
    }
    this.masters = Set.copyOf(found);
  }

  /** One master that has all. */
  static SlotMap of(HostAndPort only) {
    HostAndPort[] bySlot = new HostAndPort[SLOTS];
    Arrays.fill(bySlot, only);
    return new SlotMap(bySlot);
  }

  /**
   * What a node of a cluster answers to CLUSTER SLOTS.
   *
   * @param asked that node, which may leave its own host out
   */
  static SlotMap read(List<?> ranges, HostAndPort asked) {
    HostAndPort[] bySlot = new HostAndPort[SLOTS];
    for (Object each : ranges) {
      List<?> range = (List<?>) each;
      HostAndPort master = master((List<?>) range.get(2), asked);
      Arrays.fill(
          bySlot,
          ((Long) range.get(0)).intValue(),
          ((Long) range.get(1)).intValue() + 1, // both ends are in
          master);
    }
    return new SlotMap(bySlot);
  }

  private static HostAndPort master(List<?> node, HostAndPort asked) {
    Object host = node.get(0);
    String name = host == null ? "" : NodeLease.text(host);
    return new HostAndPort(
        name.isEmpty() ? asked.getHost() : name, ((Long) node.get(1)).intValue());
  }

  /** The slot of a key or a channel. */
  static int slotOf(String key) {
    return slotOf(RedisKeys.bytes(key));
  }

  /** The slot of a key or a channel. */
  static int slotOf(byte[] key) {
    return JedisClusterCRC16.getSlot(key);
  }

  /** {@code null} if nobody has it. */
  @Nullable HostAndPort masterOf(int slot) {
    return bySlot[slot];
  }

  Set<HostAndPort> masters() {
    return masters;
  }

  /** Whether each slot has a master. */
  boolean complete() {
    return Arrays.stream(bySlot).allMatch(master -> master != null);
  }

  /**
   * Whose place a master has taken: one that had slots of it, and is a master no more.
   *
   * @return {@code null} if it has taken nobody's
   */
  @Nullable HostAndPort predecessor(HostAndPort master, SlotMap before) {
    if (before.masters.contains(master)) {
      return null;
    }
    for (int slot = 0; slot < SLOTS; slot++) {
      HostAndPort previous = before.bySlot[slot];
      if (master.equals(bySlot[slot]) && previous != null && !masters.contains(previous)) {
        return previous;
      }
    }
    return null;
  }

  /** Whether a slot has gone to a master that was one before: by a migration. */
  boolean migrated(int slot, SlotMap before) {
    HostAndPort master = bySlot[slot];
    return master != null && !master.equals(before.bySlot[slot]) && before.masters.contains(master);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SlotMap map && Arrays.equals(bySlot, map.bySlot);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bySlot);
  }

  @Override
  public String toString() {
    return masters.toString();
  }
}
