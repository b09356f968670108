package dev.carillon.server.redis;

import dev.carillon.server.metrics.RedisMetrics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.HostAndPort;

/**
 * One connection for commands to each master.
 *
 * <p>Confined to the thread of {@link RedisCommands}.
 */
final class Shards implements AutoCloseable {
  private final RedisClients clients;
  private final RedisMetrics metrics;
  private final Map<HostAndPort, ServerConnection> connections = new HashMap<>();

  /** To which there was a connection before. */
  private final Set<HostAndPort> known = new HashSet<>();

  Shards(RedisClients clients, RedisMetrics metrics) {
    this.clients = clients;
    this.metrics = metrics;
  }

  RedisClients clients() {
    return clients;
  }

  RedisMetrics metrics() {
    return metrics;
  }

  /** Sends each command to the master of its keys; what follows a lost connection is not sent. */
  AbstractPipeline pipeline() {
    SlotMap slots = slots();
    connections.keySet().removeIf(server -> !slots.masters().contains(server) && closed(server));
    return new SlotPipeline(this, slots);
  }

  /**
   * Who has which slot.
   *
   * @throws redis.clients.jedis.exceptions.JedisConnectionException if that is not known yet
   */
  SlotMap slots() {
    return clients.topology().known();
  }

  private boolean closed(HostAndPort server) {
    close(connections.get(server));
    return true;
  }

  ServerConnection to(HostAndPort server) {
    ServerConnection open = connections.get(server);
    if (open == null || open.isBroken()) {
      close(open);
      open = clients.connect(server);
      connections.put(server, open);
      if (!known.add(server)) {
        metrics.reconnected(RedisMetrics.Purpose.COMMANDS);
      }
    }
    return open;
  }

  /** Of a connection that is out of step. */
  void drop(HostAndPort server) {
    close(connections.remove(server));
  }

  private static void close(@Nullable ServerConnection connection) {
    if (connection != null) {
      Topology.close(connection);
    }
  }

  @Override
  public void close() {
    connections.values().forEach(Shards::close);
    connections.clear();
  }
}
