package dev.carillon.server.occupancy;

import dev.carillon.server.broker.Topic;

/** placeholder until merge */
public interface OccupancyListener {
  void channelOccupied(Topic topic);

  void channelVacated(Topic topic);
}
