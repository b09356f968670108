package dev.carillon.protocol.channel;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Gives out socket ids that never repeat: a random part of 62 bits for the life of the process,
 * then a sequence. So ids differ within a process by the sequence, and between processes, nodes and
 * restarts by the random part.
 *
 * <p>Thread-safe.
 */
public final class SocketIds {
  private final String process;
  private final AtomicLong sequence = new AtomicLong();

  /**
   * @param random where the process part comes from; outside tests a {@link
   *     java.security.SecureRandom}
   */
  public SocketIds(RandomGenerator random) {
    this.process = random.nextLong(1, 1L << 62) + ".";
  }

  public SocketId next() {
    return new SocketId(process + sequence.incrementAndGet());
  }
}
