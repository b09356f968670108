package dev.carillon.server.user;

import dev.carillon.server.broker.Broker;
import java.util.concurrent.Executor;

class LocalUsersTest extends UsersContract {
  @Override
  Users users(Broker broker, Executor afterGrace) {
    return new LocalUsers(broker, afterGrace);
  }
}
