package dev.carillon.server;

import dev.carillon.server.broker.Broker;
import dev.carillon.server.broker.LocalBroker;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.cache.LocalChannelCache;
import dev.carillon.server.channel.Hubs;
import dev.carillon.server.channel.Ports;
import dev.carillon.server.directory.LocalDirectory;
import dev.carillon.server.held.LocalHeldEvents;
import dev.carillon.server.idempotency.Idempotency;
import dev.carillon.server.idempotency.LocalIdempotency;
import dev.carillon.server.metrics.Metrics;
import dev.carillon.server.occupancy.LocalOccupancy;
import dev.carillon.server.presence.LocalPresence;
import dev.carillon.server.quota.LocalQuota;
import dev.carillon.server.status.LocalStatusStore;
import dev.carillon.server.transport.EventLoops;
import dev.carillon.server.user.LocalUsers;
import dev.carillon.server.webhook.Webhooks;
import java.time.Duration;
import java.time.InstantSource;

/** What nodes share where there is one: all in its memory. */
final class InMemory {
  private InMemory() {}

  static Ports ports(
      Hubs hubs,
      EventLoops loops,
      Metrics metrics,
      Webhooks webhooks,
      InstantSource clock,
      Duration offlineGrace) {
    Broker broker = new LocalBroker(hubs);
    LocalPresence presence = new LocalPresence(broker, webhooks);
    LocalOccupancy occupancy = new LocalOccupancy(webhooks);
    ChannelCache cache =
        new LocalChannelCache(
            broker,
            LocalChannelCache.Limits.STANDARD,
            System::nanoTime,
            loops.after(LocalChannelCache.SWEEP),
            metrics.cache());
    return new Ports(
        broker,
        presence,
        occupancy,
        cache,
        new LocalUsers(broker, loops.after(offlineGrace)),
        new LocalQuota(),
        new LocalDirectory(occupancy, presence, cache),
        new LocalStatusStore(
            broker, hubs, clock, (delay, task) -> loops.after(delay).execute(task)),
        new LocalHeldEvents(
            broker,
            cache,
            LocalHeldEvents.Limits.STANDARD,
            System::nanoTime,
            loops.after(LocalHeldEvents.SWEEP),
            metrics.held()));
  }

  static Idempotency idempotency(Metrics metrics, EventLoops loops) {
    LocalIdempotency.Observer observer =
        new LocalIdempotency.Observer() {
          @Override
          public void remembered(int change) {
            metrics.idempotencyKeys(change);
          }

          @Override
          public void forgottenEarly() {
            metrics.idempotencyKeyForgotten();
          }
        };
    return new LocalIdempotency(observer, System::nanoTime, loops.after(LocalIdempotency.SWEEP));
  }
}
