package dev.carillon.server.channel;

import dev.carillon.protocol.channel.ChannelName;
import dev.carillon.protocol.channel.ChannelType;
import dev.carillon.protocol.event.ServerEvent;
import dev.carillon.server.app.App;
import dev.carillon.server.broker.Envelope;
import dev.carillon.server.broker.Topic;
import dev.carillon.server.webhook.AppWebhooks;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Which channels of an app tell how many are subscribed, and how.
 *
 * <p>Thread-safe.
 */
final class SubscriptionCounters {
  private final App app;
  private final Ports ports;
  private final AppWebhooks webhooks;
  private final Executor afterPause;

  SubscriptionCounters(App app, Ports ports, AppWebhooks webhooks, Executor afterPause) {
    this.app = app;
    this.ports = ports;
    this.webhooks = webhooks;
    this.afterPause = afterPause;
  }

  /** Presence channels tell who comes and goes; clients would try to decrypt a count. */
  @Nullable SubscriptionCounter of(Topic topic) {
    ChannelType type = topic.channel().type();
    return app.subscriptionCount() && (type == ChannelType.PUBLIC || type == ChannelType.PRIVATE)
        ? new SubscriptionCounter(
            topic, ports.occupancy(), count -> counted(topic, count), afterPause)
        : null;
  }

  /** Another node has died, or this one has put its own back; its channel may be nowhere here. */
  void recounted(Topic topic, @Nullable Channel channel) {
    SubscriptionCounter counter = channel == null ? of(topic) : channel.counter();
    if (counter != null) {
      counter.changed();
    }
  }

  private void counted(Topic topic, int count) {
    ChannelName name = topic.channel();
    webhooks.subscriptionCount(name, count);
    byte[] message = new ServerEvent.SubscriptionCount(name, count).toBytes();
    ports.broker().publish(topic, Envelope.of(message, null));
  }
}
