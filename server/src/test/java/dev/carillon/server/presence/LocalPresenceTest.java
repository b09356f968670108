package dev.carillon.server.presence;

import dev.carillon.server.broker.Broker;
import dev.carillon.server.webhook.Webhooks;

class LocalPresenceTest extends PresenceContract {
  @Override
  Presence presence(Broker broker) {
    return new LocalPresence(broker, Webhooks.none());
  }
}
