package dev.carillon.server.channel;

import dev.carillon.server.broker.Broker;
import dev.carillon.server.cache.ChannelCache;
import dev.carillon.server.directory.Directory;
import dev.carillon.server.held.HeldEvents;
import dev.carillon.server.occupancy.Occupancy;
import dev.carillon.server.presence.Presence;
import dev.carillon.server.quota.Quota;
import dev.carillon.server.status.StatusStore;
import dev.carillon.server.user.Users;

/**
 * What the hubs of all nodes share. On a single node it is in its memory.
 *
 * <p>Immutable.
 */
public record Ports(
    Broker broker,
    Presence presence,
    Occupancy occupancy,
    ChannelCache cache,
    Users users,
    Quota quota,
    Directory directory,
    StatusStore statuses,
    HeldEvents held) {}
