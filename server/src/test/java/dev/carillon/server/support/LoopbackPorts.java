package dev.carillon.server.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds free ports for servers that are given theirs.
 *
 * <p>They are below those the system gives to clients, so that nobody takes one while its server
 * restarts. The port 10,000 above is free too: a cluster's node uses it for its bus.
 */
public final class LoopbackPorts {
  private static final int FIRST = 10_000;
  private static final int COUNT = 10_000;
  private static final int BUS_OFFSET = 10_000;
  private static final int TRIES = 100;

  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private LoopbackPorts() {}

  /** One that this JVM has not been given before. */
  public static int free() {
    for (int i = 0; i < TRIES; i++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      if (isFree(port) && isFree(port + BUS_OFFSET)) {
        return port;
      }
    }
    throw new AssertionError("of " + TRIES + " ports none is free");
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
