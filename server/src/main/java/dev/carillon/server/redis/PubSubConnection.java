package dev.carillon.server.redis;

import java.util.List;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.commands.ProtocolCommand;

/**
 * A connection that has subscriptions: one thread writes commands, another reads what comes, their
 * confirmations among it.
 */
final class PubSubConnection extends Connection {
  PubSubConnection(HostAndPort address, JedisClientConfig config) {
    super(address, config);
  }

  /** Sends the command at once. */
  void send(ProtocolCommand command, List<byte[]> arguments) {
    sendCommand(command, arguments.toArray(byte[][]::new));
    flush();
  }

  /** Asks for a sign of life, which comes among the messages. */
  void sendPing() {
    sendCommand(Protocol.Command.PING);
    flush();
  }
}
