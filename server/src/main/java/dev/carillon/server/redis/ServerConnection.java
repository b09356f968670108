package dev.carillon.server.redis;

import java.util.List;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.commands.ProtocolCommand;

/**
 * A connection to one server. One thread writes and one reads; of subscriptions these are two,
 * whose confirmations come among the messages.
 */
final class ServerConnection extends Connection {
  /** Connects. */
  ServerConnection(HostAndPort address, JedisClientConfig config) {
    super(address, config);
  }

  /** Sends the command at once. */
  void send(ProtocolCommand command, List<byte[]> arguments) {
    sendCommand(command, arguments.toArray(byte[][]::new));
    flush();
  }

  /** Sends what was written. */
  void push() {
    flush();
  }

  /** Asks for a sign of life, which comes among the messages. */
  void sendPing() {
    sendCommand(Protocol.Command.PING);
    flush();
  }
}
