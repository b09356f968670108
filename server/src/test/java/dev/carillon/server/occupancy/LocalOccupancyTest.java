package dev.carillon.server.occupancy;

class LocalOccupancyTest extends OccupancyContract {
  @Override
  Occupancy occupancy(OccupancyListener listener) {
    return new LocalOccupancy(listener);
  }
}
