package dev.carillon.server.presence;

import dev.carillon.server.broker.Broker;

class LocalPresenceTest extends PresenceContract {
  @Override
  Presence presence(Broker broker) {
    return new LocalPresence(broker);
  }
}
