package dev.carillon.server;

import dev.carillon.server.broker.Broker;
import dev.carillon.server.channel.Hubs;
import dev.carillon.server.channel.Ports;
import dev.carillon.server.metrics.Metrics;
import dev.carillon.server.redis.RedisNode;
import dev.carillon.server.webhook.Webhooks;
import java.time.Duration;

/** What nodes share where there are many: all in Redis. */
final class InRedis {
  private InRedis() {}

  static Ports ports(
      RedisNode node, Hubs hubs, Metrics metrics, Webhooks webhooks, Duration offlineGrace) {
    Broker broker = node.broker(hubs);
    return new Ports(
        broker,
        node.presence(webhooks),
        node.occupancy(webhooks, hubs),
        node.channelCache(),
        node.users(offlineGrace),
        node.quota(),
        node.directory(),
        node.statusStore(hubs),
        node.heldEvents(metrics.held()));
  }
}
