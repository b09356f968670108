package dev.carillon.server.occupancy;

class LocalOccupancyTest extends OccupancyContract {
  @Override
  Occupancy occupancy() {
    return new LocalOccupancy();
  }
}
