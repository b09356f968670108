package dev.carillon.server.support.redis;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract with the redis-server that the tests start themselves. */
class RedisLocalTest extends RedisContract {
  private static RedisServer server;

  @BeforeAll
  static void start() {
    server = RedisServer.start();
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @Override
  String url() {
    return server.url();
  }
}
