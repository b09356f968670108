package dev.carillon.server.user;

import dev.carillon.server.broker.Broker;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

class LocalUsersTest extends UsersContract {
  @Override
  Users users(Broker broker, ScheduledExecutorService timers, Duration grace) {
    return new LocalUsers(broker, timers, grace);
  }
}
