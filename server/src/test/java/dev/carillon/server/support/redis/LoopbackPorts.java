package dev.carillon.server.support.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds free ports for servers that are given theirs.
 *
 * <p>They are below those the system gives to clients, so that nobody takes one while its server
 * restarts. The port 10,000 above is free too: a cluster's node uses it for its bus.
 */
final class LoopbackPorts {
  private static final int FIRST = 10_000;
  private static final int LAST = 19_999;
  private static final int BUS_OFFSET = 10_000;
  private static final int TRIES = 100;

  private LoopbackPorts() {}

  static int free() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
      if (isFree(port) && isFree(port + BUS_OFFSET)) {
        return port;
      }
    }
    throw new AssertionError("no free port from " + FIRST + " to " + LAST);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
