package dev.carillon.server.limit;

import dev.carillon.protocol.ProtocolException;
import java.net.InetAddress;

/**
 * Stops addresses that sign wrongly again and again: they have to wait before anything signed is
 * taken from them, so that nobody tries secrets or keeps the server computing signatures.
 *
 * <p>Thread-safe.
 */
public final class FailedSignatures {
  private final AddressLimit limit;

  /** With that limit on failures. */
  public FailedSignatures(AddressLimit limit) {
    this.limit = limit;
  }

  /** Whether there is a limit at all. */
  public boolean limited() {
    return limit.enabled();
  }

  /** The seconds for which nothing signed is taken from an address; 0 if it is. */
  public int waitSeconds(InetAddress address) {
    return limit.waitSeconds(address);
  }

  /** Counts a mistake if it is a signature's. */
  public void count(InetAddress address, ProtocolException mistake) {
    if (mistake.kind() == ProtocolException.Kind.AUTH) {
      limit.take(address);
    }
  }

  /** What a refused address is told. */
  public static String text(int waitSeconds) {
    return "Too many failed signatures from this address, try again in " + waitSeconds + " s";
  }
}
