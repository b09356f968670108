package dev.carillon.server.redis;

import java.nio.charset.StandardCharsets;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.commands.ProtocolCommand;

/**
 * How to publish and subscribe: plainly, or by a cluster's shards.
 *
 * @param publish the command's name, for scripts and pipelines
 * @param message what a message that comes is called
 * @param confirmed what a confirmation of a subscription is called
 * @param ended what the end of a subscription is called, asked for or not
 * @param topicsPerCommand a cluster takes one slot's only, which is here one
 */
record PubSub(
    ProtocolCommand publish,
    ProtocolCommand subscribe,
    ProtocolCommand unsubscribe,
    String message,
    String confirmed,
    String ended,
    int topicsPerCommand) {
  static final PubSub PLAIN =
      new PubSub(
          Protocol.Command.PUBLISH,
          Protocol.Command.SUBSCRIBE,
          Protocol.Command.UNSUBSCRIBE,
          "message",
          "subscribe",
          "unsubscribe",
          512);

  static final PubSub SHARDED =
      new PubSub(
          Protocol.Command.SPUBLISH,
          Protocol.Command.SSUBSCRIBE,
          Protocol.Command.SUNSUBSCRIBE,
          "smessage",
          "ssubscribe",
          "sunsubscribe",
          1);

  /** The name of the publishing command, as scripts call it. */
  byte[] verb() {
    return publish.getRaw();
  }

  static String text(Object bytes) {
    return new String((byte[]) bytes, StandardCharsets.UTF_8);
  }
}
