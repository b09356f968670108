package dev.carillon.server.directory;

import dev.carillon.server.broker.LocalBroker;
import dev.carillon.server.cache.LocalChannelCache;
import dev.carillon.server.channel.Hubs;
import dev.carillon.server.metrics.Metrics;
import dev.carillon.server.occupancy.LocalOccupancy;
import dev.carillon.server.presence.LocalPresence;
import dev.carillon.server.webhook.Webhooks;
import org.junit.jupiter.api.AfterEach;

class LocalDirectoryTest extends DirectoryContract {
  private final Metrics metrics = new Metrics();

  @AfterEach
  void stop() {
    metrics.close();
  }

  @Override
  void make() {
    LocalBroker broker = new LocalBroker(new Hubs());
    LocalOccupancy counts = new LocalOccupancy(Webhooks.none());
    LocalPresence members = new LocalPresence(broker, Webhooks.none());
    occupancy = counts;
    presence = members;
    cache =
        new LocalChannelCache(
            broker,
            LocalChannelCache.Limits.STANDARD,
            System::nanoTime,
            sweep -> {},
            metrics.cache());
    directory = new LocalDirectory(counts, members, cache);
  }
}
